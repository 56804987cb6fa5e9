import CLibCurl

/// One request on its way, and what has come of its answer.
///
/// `@unchecked Sendable`: touched only on the loop's thread, but for its making.
final class Transfer: @unchecked Sendable {
    /// How many bytes of headers an answer may have.
    static let maximumHeaders = 64 << 10

    let request: HTTPRequest
    let address: RequestAddress
    let resolution: String?
    let timeout: Duration
    var continuation: CheckedContinuation<HTTPResponse, any Error>?
    /// libcurl's handle while the transfer runs.
    var easy: UnsafeMutableRawPointer?
    /// Lists that libcurl reads while the transfer runs.
    var lists: [UnsafeMutablePointer<curl_slist>] = []

    private(set) var isTooLarge = false
    private(set) var headers = HTTPHeaders()
    private(set) var body: [UInt8] = []
    private var headerBytes = 0
    private var hasHeaders = false

    init(request: HTTPRequest, address: RequestAddress, resolution: String?, timeout: Duration) {
        self.request = request
        self.address = address
        self.resolution = resolution
        self.timeout = timeout
    }

    /// Takes one line of the headers; false ends the transfer.
    func receive(headerLine line: UnsafeBufferPointer<UInt8>) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.maximumHeaders else {
            isTooLarge = true
            return false
        }
        var end = line.count
        while end > 0, line[end - 1] == 0x0D || line[end - 1] == 0x0A { end -= 1 }
        if line.count >= 5, line[0..<5].elementsEqual("HTTP/".utf8) {
            // A status line: whatever came before belongs to an interim answer.
            headers = HTTPHeaders()
            hasHeaders = false
            return true
        }
        if end == 0 {
            hasHeaders = true
            return true
        }
        // What comes behind the headers' end is a trailer.
        guard !hasHeaders, let colon = line[..<end].firstIndex(of: UInt8(ascii: ":")) else { return true }
        var start = colon + 1
        while start < end, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
        while end > start, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
        headers.append(
            String(decoding: line[..<colon], as: UTF8.self),
            String(decoding: line[start..<end], as: UTF8.self))
        return true
    }

    /// Takes a part of the body; false ends the transfer.
    func receive(body part: UnsafeBufferPointer<UInt8>) -> Bool {
        guard part.count <= request.maximumBody - body.count else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: part)
        return true
    }

    func finish(_ result: Result<HTTPResponse, any Error>) {
        guard let waiting = continuation else { return }
        continuation = nil
        waiting.resume(with: result)
    }
}
