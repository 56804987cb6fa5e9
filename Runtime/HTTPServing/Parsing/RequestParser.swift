import WireProtocol

/// A strict HTTP/1.1 request parser (RFC 9112) as a plain state machine over bytes.
///
/// The caller shows all bytes it has from `offset` on; the parser moves `offset` past what it took and says what it
/// found. What it leaves (part of a line) is to be shown again with more behind it. It reads one message after
/// the other and fails for good at the first broken one: what follows a framing fault is never read as a request.
struct RequestParser {
    /// What was found next.
    enum Event {
        /// Nothing more without more bytes.
        case needMore
        /// A whole head.
        case head(RequestHead)
        /// A part of the body, decoded; the bytes live as long as those shown.
        case body(UnsafeRawBufferPointer)
        /// The end of the request; comes after every head, with or without a body.
        case end
        /// The bytes are no request; nothing else comes any more.
        case failed(ParseFailure)
    }

    enum State: Equatable {
        /// Before a request. Left by a request line for `fields`.
        case requestLine
        /// Among the field lines. Left by the empty line for `fixedBody`, `chunkSize` or `ended`.
        case fields
        /// In a body of known length. Left when nothing is left for `ended`.
        case fixedBody(left: Int)
        /// Before a chunk's size line. Left for `chunkData`, and by the last chunk for `trailers`.
        case chunkSize
        /// In a chunk. Left when nothing is left for `chunkDataEnd`.
        case chunkData(left: Int)
        /// Before the line end behind a chunk's data. Left for `chunkSize`.
        case chunkDataEnd
        /// Among the trailers. Left by the empty line for `ended`.
        case trailers
        /// The request is whole and `end` not yet told. Left for `requestLine`.
        case ended
        /// Broken. Never left.
        case failed(ParseFailure)
    }

    let rules: RequestRules
    var state = State.requestLine
    /// How many bytes of the unfinished line are known to hold no line feed.
    var scanned = 0
    var head = RequestHead()
    var packed: [UInt8] = []
    var counts = Counts()
    var seen = Seen()

    /// What is limited.
    struct Counts {
        var fields = 0
        var kept = 0
        var headerBytes = 0
        var extensionBytes = 0
        var trailerBytes = 0
        var blankLines = 0
    }

    /// What the fields of one head have said so far.
    struct Seen {
        var hasHost = false
        var hasChunked = false
        var contentLength: Int?
        var close = false
        var keepAlive = false
        var authority: [UInt8]?
        var nominated: [[UInt8]] = []
    }

    init(rules: RequestRules = RequestRules()) { self.rules = rules }

    /// Whether nothing of a next request has been taken; bytes that are kept outside do not count, nor does the empty
    /// line that may stand before one.
    var isBetweenRequests: Bool { state == .requestLine }

    /// Whether the time of a head runs, from its first byte on; the empty line before it is one.
    var hasBegunHead: Bool { state != .requestLine || counts.blankLines > 0 }

    /// Whether the request in hand, or the one that failed, is a HEAD: its answer has no body (RFC 9110, section 9.3.2).
    var isHead: Bool { head.method == .head }

    /// The next event in `bytes` at `offset`, which is moved past what was taken.
    mutating func next(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> Event {
        while true {
            switch state {
            case .requestLine:
                if let event = takeRequestLine(bytes, &offset) { return event }
            case .fields:
                return takeFields(bytes, &offset)
            case .fixedBody(let left):
                let count = min(left, bytes.count - offset)
                if count == 0 { return .needMore }
                state = count == left ? .ended : .fixedBody(left: left - count)
                offset += count
                return .body(bytes.part((offset - count)..<offset))
            case .chunkSize:
                if let event = takeChunkSize(bytes, &offset) { return event }
            case .chunkData(let left):
                let count = min(left, bytes.count - offset)
                if count == 0 { return .needMore }
                state = count == left ? .chunkDataEnd : .chunkData(left: left - count)
                offset += count
                return .body(bytes.part((offset - count)..<offset))
            case .chunkDataEnd:
                if let event = takeChunkDataEnd(bytes, &offset) { return event }
            case .trailers:
                if let event = takeTrailers(bytes, &offset) { return event }
            case .ended:
                state = .requestLine
                // What breaks before the next method is read is no HEAD's fault.
                head.method = .get
                return .end
            case .failed(let failure):
                return .failed(failure)
            }
        }
    }

    mutating func fail(_ failure: ParseFailure) -> Event {
        state = .failed(failure)
        return .failed(failure)
    }

    enum Line {
        /// The line without its end, and where the next begins.
        case whole(Range<Int>, next: Int)
        case partial
        /// A line feed without a carriage return before it.
        case bare
        case tooLong
    }

    /// The line that begins at `offset`, of at most `limit` bytes with its end.
    @inline(__always)
    mutating func line(_ bytes: UnsafeRawBufferPointer, at offset: Int, limit: Int) -> Line {
        guard let feed = bytes.lineFeed(from: offset + scanned) else {
            scanned = bytes.count - offset
            return scanned > limit ? .tooLong : .partial
        }
        scanned = 0
        if feed - offset >= limit { return .tooLong }
        guard feed > offset, bytes[feed - 1] == 0x0D else { return .bare }
        return .whole(offset..<(feed - 1), next: feed + 1)
    }
}
