import CLibCurl

/// A request's address, taken apart by libcurl itself: what is looked up is what libcurl connects to.
///
/// `@unchecked Sendable`: nothing changes it once it is made.
final class RequestAddress: @unchecked Sendable {
    /// libcurl's form of the address.
    let handle: OpaquePointer
    /// The host's name or numeric address, without brackets.
    let host: String
    /// The port, the scheme's own unless the address has one.
    let port: String

    init(_ text: String) throws(HTTPClientError) {
        guard let handle = curl_url() else {
            throw HTTPClientError(.invalidRequest, "No memory for the address")
        }
        self.handle = handle
        guard !text.utf8.contains(0), curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK,
            let scheme = Self.part(handle, CURLUPART_SCHEME), scheme == "http" || scheme == "https",
            let host = Self.part(handle, CURLUPART_HOST), !host.isEmpty,
            let port = Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT))
        else {
            curl_url_cleanup(handle)
            throw HTTPClientError(.invalidRequest, "The address is no http or https URL")
        }
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        self.port = port
    }

    deinit { curl_url_cleanup(handle) }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
