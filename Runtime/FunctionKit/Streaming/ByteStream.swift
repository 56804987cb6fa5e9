/// A response whose body is written part by part, of a length that may be known or not.
public struct ByteStream: StreamingOutput {
    /// The status, 200 to 599; with 204 and 304 the body is not sent.
    public var status: Status
    /// The header fields, without framing ones.
    public var headers: HeaderList
    /// How long the body is, in bytes, where that is known: the client is told. A body that turns out longer or shorter
    /// breaks off. Nil: not known, and the body is sent in chunks.
    public var contentLength: Int?
    /// Writes the body.
    let body: @Sendable (ByteWriter) async throws -> Void
    /// After how long without a part this is sent, to keep the connection open; nil: never.
    var keepAlive: (every: Duration, bytes: [UInt8])?
    /// Whether the head goes out before the first part.
    var beginsAtOnce = false

    /// A stream that `body` writes. Its head goes out with the first part, so what is thrown before is an answer of its
    /// own. A `content-type` among `headers` wins over `contentType`.
    public init(
        status: Status = .ok, contentType: String = "application/octet-stream", headers: HeaderList = HeaderList(),
        contentLength: Int? = nil, _ body: @escaping @Sendable (ByteWriter) async throws -> Void
    ) {
        self.status = status
        self.headers = headers
        if !headers.contains("content-type") { self.headers.append("content-type", contentType) }
        self.contentLength = contentLength.map { max($0, 0) }
        self.body = body
    }

    /// A stream of parts that come from somewhere else: a request's body, rows of a query.
    public init<Parts: AsyncSequence & Sendable>(
        status: Status = .ok, contentType: String = "application/octet-stream", headers: HeaderList = HeaderList(),
        contentLength: Int? = nil, parts: Parts
    ) where Parts.Element == [UInt8] {
        self.init(status: status, contentType: contentType, headers: headers, contentLength: contentLength) { writer in
            for try await part in parts { try await writer.write(part) }
        }
    }

    /// Itself.
    public var stream: ByteStream { self }
}
