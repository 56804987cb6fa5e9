/// The head of one request as the front door read it: checked against RFC 9112, not yet routed.
public struct IncomingRequest: Sendable {
    /// The method.
    public var method: Method
    /// The path, percent-decoded and normalised once: starts with `/`, no dot segments, no doubled slashes, valid
    /// UTF-8, no NUL, no encoded slash or backslash. Everything that decides by path uses this form.
    public var path: [UInt8]
    /// The query after `?` as it came, still percent-encoded; empty when there is none.
    public var query: [UInt8]
    /// The header fields, hop-by-hop and internal ones taken out.
    public var headers: HeaderList
    /// The peer's address as text, without a port; `unix` for a Unix socket.
    public var peer: String
    /// Which of the gateway's event loops holds the connection; replies come back on it.
    public var loop: Int
    /// When the head was complete, in nanoseconds of the monotonic clock.
    public var arrived: UInt64
    /// What the request says of its body's length: 0 none, nil unknown (chunked).
    public var contentLength: Int?

    /// A request head; see the properties.
    public init(
        method: Method, path: [UInt8], query: [UInt8] = [], headers: HeaderList = HeaderList(),
        peer: String = "127.0.0.1", loop: Int = 0, arrived: UInt64 = 0, contentLength: Int? = 0
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.peer = peer
        self.loop = loop
        self.arrived = arrived
        self.contentLength = contentLength
    }
}
