import CLibCurl

extension Transfer {
    /// Tells libcurl everything about the request; false if it has no memory.
    func configure(_ easy: UnsafeMutableRawPointer, certificateAuthorities: String?) -> Bool {
        var codes: [CURLcode] = [
            clibcurl_set_url(easy, address.handle),
            clibcurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
            clibcurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
            clibcurl_set_string(easy, CURLOPT_PROXY, ""),
            clibcurl_set_string(easy, CURLOPT_NOPROXY, "*"),
            clibcurl_set_long(easy, CURLOPT_NOSIGNAL, 1),
            clibcurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1),
            clibcurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2),
            clibcurl_set_long(easy, CURLOPT_NETRC, 0),
            clibcurl_set_string(easy, CURLOPT_USERAGENT, "swiftlet"),
            clibcurl_set_long(easy, CURLOPT_TIMEOUT_MS, Self.milliseconds(timeout)),
            clibcurl_set_long(
                easy, CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(min(request.connectTimeout, timeout))),
            clibcurl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, max(1, curl_off_t(request.maximumBody))),
        ]
        if let certificateAuthorities {
            codes.append(clibcurl_set_string(easy, CURLOPT_CAINFO, certificateAuthorities))
            codes.append(clibcurl_set_string(easy, CURLOPT_CAPATH, nil))
        }
        codes.append(contentsOf: configureMethod(easy))
        codes.append(contentsOf: configureLists(easy))
        let context = Unmanaged.passUnretained(self).toOpaque()
        codes.append(
            clibcurl_set_header_callback(
                easy,
                { bytes, size, count, context in
                    Transfer.receive(bytes, size &* count, context) { $0.receive(headerLine: $1) }
                }, context))
        codes.append(
            clibcurl_set_body_callback(
                easy,
                { bytes, size, count, context in
                    Transfer.receive(bytes, size &* count, context) { $0.receive(body: $1) }
                }, context))
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    private func configureMethod(_ easy: UnsafeMutableRawPointer) -> [CURLcode] {
        if request.method == "HEAD" { return [clibcurl_set_long(easy, CURLOPT_NOBODY, 1)] }
        let needsLength = ["POST", "PUT", "PATCH"].contains(request.method)
        if request.body.isEmpty && !needsLength {
            return [clibcurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method)]
        }
        let size = clibcurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        let body = request.body.withUnsafeBytes { bytes in
            withUnsafeBytes(of: UInt8(0)) { none in
                clibcurl_set_bytes(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress ?? none.baseAddress)
            }
        }
        return [size, body, clibcurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method)]
    }

    private func configureLists(_ easy: UnsafeMutableRawPointer) -> [CURLcode] {
        var codes: [CURLcode] = []
        // libcurl would add these two by itself; without a value the first is left out, and so is the second.
        var lines = ["Expect:"]
        if request.headers["content-type"] == nil { lines.append("Content-Type:") }
        for field in request.headers {
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

    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (Transfer, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Int {
        guard let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        let part = UnsafeRawBufferPointer(start: bytes, count: count).assumingMemoryBound(to: UInt8.self)
        // Another number than all tells libcurl to give up.
        return take(transfer, part) ? count : (count == 0 ? 1 : 0)
    }
}
