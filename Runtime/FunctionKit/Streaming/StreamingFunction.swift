/// A function whose answer is sent while it is made: a stream of bytes or of server-sent events.
///
///     @main struct Export: StreamingFunction {
///         init(_ startup: Startup) async throws {}
///         func handle(_ input: NoInput, _ context: Context) async throws -> ByteStream {
///             ByteStream(contentType: "text/csv") { writer in
///                 for number in 1...1_000_000 { try await writer.write("\(number)\n") }
///             }
///         }
///     }
///
/// `write` waits while the client reads slowly, so memory stays flat however long the stream. What is thrown before the
/// first byte is answered as any function's error; after it the connection is broken off, so that no client takes what
/// it has for the whole. The manifest's `timeout` counts to the first byte. The task is cancelled, and `write` throws
/// `CancellationError`, when the client goes away.
public protocol StreamingFunction: Function where Output: StreamingOutput {}

extension StreamingFunction {
    /// Throws: a stream is not written as one reply, but by the worker part by part.
    public static func write(_ output: Output, to reply: inout Reply) throws {
        throw APIError(.internalError, cause: "\(Self.self) answers with a stream")
    }
}
