import WireProtocol

/// Reads a request without a connection: what `swiftlet invoke` makes passes the same checks as what a client sends.
public enum RequestReading {
    /// The request whose head stands in `bytes`, its empty line included; a body is not looked at.
    /// - Throws: the parser's failure; `requestLine` when the head is not whole.
    public static func head(_ bytes: [UInt8]) throws(ParseFailure) -> IncomingRequest {
        var parser = RequestParser()
        var offset = 0
        let event = bytes.withUnsafeBytes { bytes -> Result<RequestHead, ParseFailure> in
            switch parser.next(bytes, &offset) {
            case .head(let head): .success(head)
            case .failed(let failure): .failure(failure)
            case .needMore, .body, .end: .failure(.requestLine)
            }
        }
        let head = try event.get()
        return IncomingRequest(
            method: head.method, path: head.path, query: head.query, headers: head.headers,
            contentLength: head.contentLength)
    }
}
