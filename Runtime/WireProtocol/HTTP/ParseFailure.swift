/// Why bytes were refused before they were a request, or while a body was read; each is a counter's label too.
public enum ParseFailure: String, Error, Sendable, CaseIterable {
    /// The request line is malformed (RFC 9112, section 3).
    case requestLine
    /// A header field is malformed: name, value, folding, bare CR or LF (RFC 9112, section 5).
    case headerField
    /// `Host` is missing, doubled, empty or malformed (RFC 9112, section 3.2).
    case host
    /// The request target is malformed or not acceptable: encoding, escaped root, NUL.
    case target
    /// `Content-Length` and `Transfer-Encoding` are contradictory or malformed (RFC 9112, section 6).
    case framing
    /// A chunk, its extension or a trailer is malformed (RFC 9112, section 7.1).
    case chunk
    /// The transfer coding is not known (501).
    case transferCoding
    /// `Expect` is something else than `100-continue` (417).
    case expectation
    /// The method is not known (501).
    case method
    /// The HTTP version is not 1.0 or 1.1 (505).
    case version
    /// More than 100 fields or 16 KiB of headers (431).
    case headersTooLarge
    /// The request target is longer than 8 KiB (414).
    case targetTooLong
    /// The body is longer than the route allows (413).
    case bodyTooLarge
    /// The head was not complete within `headerTimeout`, or the body came too slowly (408).
    case tooSlow

    /// The status of the answer.
    public var status: Status {
        switch self {
        case .requestLine, .headerField, .host, .target, .framing, .chunk: Status(400)
        case .transferCoding, .method: Status(501)
        case .expectation: Status(417)
        case .version: Status(505)
        case .headersTooLarge: Status(431)
        case .targetTooLong: Status(414)
        case .bodyTooLarge: Status(413)
        case .tooSlow: Status(408)
        }
    }
}
