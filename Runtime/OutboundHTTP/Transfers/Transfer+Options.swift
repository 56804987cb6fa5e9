import CLibCurl

extension Transfer {
    /// Connections older than this are not used again, so that changes of a name's addresses are followed.
    private static let connectionLifetime = 300

    /// Tells libcurl everything about the request; false if it has no memory.
    func configure(_ easy: UnsafeMutableRawPointer, _ engine: CurlEngine) -> Bool {
        let configuration = engine.configuration
        var codes: [CURLcode] = [
            clibcurl_set_url(easy, hop.address.handle),
            clibcurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
            clibcurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
            // Not null, for then the environment would be asked.
            clibcurl_set_string(easy, CURLOPT_PROXY, configuration.proxy ?? ""),
            clibcurl_set_string(easy, CURLOPT_NOPROXY, configuration.proxy == nil ? "*" : ""),
            clibcurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            clibcurl_set_long(easy, CURLOPT_NOSIGNAL, 1),
            clibcurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1),
            clibcurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2),
            clibcurl_set_long(easy, CURLOPT_NETRC, 0),
            clibcurl_set_long(easy, CURLOPT_HTTP09_ALLOWED, 0),
            clibcurl_set_long(easy, CURLOPT_MAXLIFETIME_CONN, Self.connectionLifetime),
            clibcurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(connectTimeout)),
        ]
        codes += configureProtocol(easy, engine)
        if let certificateAuthorities = configuration.certificateAuthorities {
            codes.append(clibcurl_set_string(easy, CURLOPT_CAINFO, certificateAuthorities))
            codes.append(clibcurl_set_string(easy, CURLOPT_CAPATH, nil))
            codes.append(clibcurl_set_string(easy, CURLOPT_PROXY_CAINFO, certificateAuthorities))
            codes.append(clibcurl_set_string(easy, CURLOPT_PROXY_CAPATH, nil))
        }
        if !configuration.userAgent.isEmpty {
            codes.append(clibcurl_set_string(easy, CURLOPT_USERAGENT, configuration.userAgent))
        }
        codes += configureMethod(easy)
        codes += configureLists(easy)
        codes += configureCallbacks(easy)
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    private func configureProtocol(_ easy: UnsafeMutableRawPointer, _ engine: CurlEngine) -> [CURLcode] {
        guard engine.kind == .requests else {
            return [clibcurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))]
        }
        return [
            clibcurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)),
            // A second request to a host waits for the first one's connection to say whether it carries both.
            clibcurl_set_long(easy, CURLOPT_PIPEWAIT, hop.address.scheme == "https" ? 1 : 0),
        ]
    }

    private func configureMethod(_ easy: UnsafeMutableRawPointer) -> [CURLcode] {
        if hop.method == "HEAD" { return [clibcurl_set_long(easy, CURLOPT_NOBODY, 1)] }
        let method = clibcurl_set_string(easy, CURLOPT_CUSTOMREQUEST, hop.method)
        switch hop.body.content {
        case .stream(let length, _):
            return [
                clibcurl_set_long(easy, CURLOPT_UPLOAD, 1),
                clibcurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(length ?? -1)), method,
            ]
        case .bytes(let body):
            if body.isEmpty && !["POST", "PUT", "PATCH"].contains(hop.method) { return [method] }
            let size = clibcurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            let bytes = body.withUnsafeBytes { bytes in
                withUnsafeBytes(of: UInt8(0)) { none in
                    clibcurl_set_bytes(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress ?? none.baseAddress)
                }
            }
            return [size, bytes, method]
        }
    }

    private func configureLists(_ easy: UnsafeMutableRawPointer) -> [CURLcode] {
        var codes: [CURLcode] = []
        // libcurl would add these two by itself; without a value the first is left out, and so is the second.
        var lines = ["Expect:"]
        if hop.headers["content-type"] == nil { lines.append("Content-Type:") }
        for field in hop.headers {
            // An empty value is written with a semicolon, for a colon would leave the field out.
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        guard let list = list(lines) else { return [CURLE_OUT_OF_MEMORY] }
        codes.append(clibcurl_set_list(easy, CURLOPT_HTTPHEADER, list))
        if let resolution {
            guard let addresses = self.list([resolution]) else { return [CURLE_OUT_OF_MEMORY] }
            codes.append(clibcurl_set_list(easy, CURLOPT_RESOLVE, addresses))
        }
        return codes
    }

    private func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var first: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let next = curl_slist_append(first, line) else {
                curl_slist_free_all(first)
                return nil
            }
            first = next
        }
        if let first { lists.append(first) }
        return first
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        // Zero would mean "no limit"; more than a day is a day.
        return max(1, Int(min(seconds, 86_400)) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
