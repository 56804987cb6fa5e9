import CLibCurl

/// A request's address, taken apart by libcurl itself: what is looked up is what libcurl connects to.
///
/// `@unchecked Sendable`: nothing changes it once it is made.
final class RequestAddress: @unchecked Sendable {
    /// libcurl's form of the address.
    let handle: OpaquePointer
    /// `http` or `https`.
    let scheme: String
    /// The host's name in lower case or its numeric address, without brackets.
    let host: String
    /// The port, the scheme's own unless the address has one.
    let port: String

    /// Reads an address of one of the schemes. Throws `invalidRequest` for anything else, for what is not ASCII, and for
    /// spaces and control characters, which could end the request's line.
    convenience init(_ text: String, schemes: [String] = ["http", "https"]) throws(HTTPClientError) {
        guard let handle = curl_url() else {
            throw HTTPClientError(.invalidRequest, "No memory for the address")
        }
        guard Self.isClean(text), curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK else {
            curl_url_cleanup(handle)
            throw HTTPClientError(.invalidRequest, "The address is no URL")
        }
        try self.init(taking: handle, schemes: schemes)
    }

    /// Takes the handle, also when it throws.
    private init(taking handle: OpaquePointer, schemes: [String]) throws(HTTPClientError) {
        guard let scheme = Self.part(handle, CURLUPART_SCHEME), schemes.contains(scheme),
            let host = Self.part(handle, CURLUPART_HOST), !host.isEmpty,
            let port = Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)), port != "0"
        else {
            curl_url_cleanup(handle)
            throw HTTPClientError(.invalidRequest, "The address is no http or https URL with a host")
        }
        self.handle = handle
        self.scheme = scheme
        self.host = (host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host)
            .lowercased()
        self.port = port
    }

    deinit { curl_url_cleanup(handle) }

    /// Where a `Location` leads from here (RFC 3986, section 5). Its own name and password are never used; this
    /// address's are kept on the way to the same host and port. Throws `redirectRefused`.
    func following(_ location: String) throws(HTTPClientError) -> RequestAddress {
        let refusal = HTTPClientError(
            .redirectRefused, "The answer redirects to what is no http or https URL", mayHaveBeenSent: true)
        guard Self.isClean(location), let copy = curl_url_dup(handle) else { throw refusal }
        guard curl_url_set(copy, CURLUPART_URL, location, 0) == CURLUE_OK,
            curl_url_set(copy, CURLUPART_USER, nil, 0) == CURLUE_OK,
            curl_url_set(copy, CURLUPART_PASSWORD, nil, 0) == CURLUE_OK
        else {
            curl_url_cleanup(copy)
            throw refusal
        }
        let next: RequestAddress
        do { next = try RequestAddress(taking: copy, schemes: ["http", "https"]) } catch { throw refusal }
        if isSameOrigin(as: next) {
            _ = curl_url_set(next.handle, CURLUPART_USER, Self.part(handle, CURLUPART_USER), 0)
            _ = curl_url_set(next.handle, CURLUPART_PASSWORD, Self.part(handle, CURLUPART_PASSWORD), 0)
        }
        return next
    }

    /// Whether scheme, host and port are the same (RFC 6454, section 5).
    func isSameOrigin(as other: RequestAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// The whole address as text, with its name and password.
    var text: String { Self.part(handle, CURLUPART_URL) ?? "" }

    private static func isClean(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
