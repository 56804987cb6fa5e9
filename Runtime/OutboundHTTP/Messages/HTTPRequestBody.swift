/// The body of a request: none, bytes, or a stream of them.
public struct HTTPRequestBody: Sendable, ExpressibleByArrayLiteral {
    typealias Produce = @Sendable (HTTPBodyWriter) async throws -> Void

    enum Content: Sendable {
        case bytes([UInt8])
        case stream(length: Int?, Produce)
    }

    let content: Content

    /// No body.
    public static let none = HTTPRequestBody(content: .bytes([]))

    /// These bytes.
    public static func bytes(_ bytes: [UInt8]) -> HTTPRequestBody { HTTPRequestBody(content: .bytes(bytes)) }

    /// The text's UTF-8.
    public static func text(_ text: String) -> HTTPRequestBody { .bytes(Array(text.utf8)) }

    /// What `produce` writes, sent while it is written; about 64 KiB wait in memory.
    ///
    /// With a `length` exactly so many bytes must come; without one they are sent in chunks (RFC 9112, section 7.1).
    /// `produce` is called once, when the connection is there and takes the first byte, and never if that does not
    /// happen. From then on the request is sent neither again nor elsewhere. It is cancelled when the answer is
    /// complete before the body is, or when the request fails, and is waited for. What it throws ends the request and is
    /// thrown there.
    public static func stream(
        length: Int? = nil, _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void
    ) -> HTTPRequestBody {
        HTTPRequestBody(content: .stream(length: length, produce))
    }

    /// The sequence's elements, read as fast as the server takes them; otherwise as `stream(length:_:)`.
    public static func stream<Chunks: AsyncSequence & Sendable>(
        length: Int? = nil, _ chunks: Chunks
    ) -> HTTPRequestBody where Chunks.Element == [UInt8] {
        stream(length: length) { writer in
            for try await chunk in chunks { try await writer.write(chunk) }
        }
    }

    /// The bytes of a literal.
    public init(arrayLiteral elements: UInt8...) { content = .bytes(elements) }

    init(content: Content) { self.content = content }

    var isNone: Bool {
        if case .bytes(let bytes) = content { return bytes.isEmpty }
        return false
    }

    var isStream: Bool {
        if case .stream = content { return true }
        return false
    }
}
