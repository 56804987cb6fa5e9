/// A request's body as it comes, in parts of at most 64 KiB: of a function with `stream: {request: true}`, read once
/// and never held whole; of any other one the whole body as one part.
///
/// Reading slowly slows the client down. What the handler leaves unread is dropped. Reading throws `CancellationError`
/// when the client goes away and when the task is cancelled.
public struct BodyStream: AsyncSequence, Sendable {
    /// Bytes of the body, never empty.
    public typealias Element = [UInt8]

    private enum Source {
        case queue(BodyQueue)
        case parts([[UInt8]])
    }
    private let source: Source
    /// What the request says of the body's length, in bytes; nil: nothing.
    public let length: Int?

    /// A body of these parts, for tests; empty ones are left out.
    public init(_ parts: [[UInt8]]) {
        let parts = parts.filter { !$0.isEmpty }
        source = .parts(parts)
        length = parts.reduce(0) { $0 + $1.count }
    }

    init(_ queue: BodyQueue) {
        source = .queue(queue)
        length = queue.length
    }

    /// The first iteration of a streamed body gets it; every other one throws `StreamFault.readTwice`.
    public func makeAsyncIterator() -> AsyncIterator {
        switch source {
        case .queue(let queue): AsyncIterator(source: queue.claim() ? .queue(queue) : .nothing)
        case .parts(let parts): AsyncIterator(source: .parts(parts[...]))
        }
    }

    /// Reads the body part by part.
    public struct AsyncIterator: AsyncIteratorProtocol {
        enum Source {
            case queue(BodyQueue)
            case parts(ArraySlice<[UInt8]>)
            case nothing
        }
        var source: Source

        /// The next part; nil at the end.
        nonisolated(nonsending) public mutating func next() async throws -> [UInt8]? {
            switch source {
            case .queue(let queue): return try await queue.next()
            case .parts(var parts):
                try Task.checkCancellation()
                let first = parts.popFirst()
                source = .parts(parts)
                return first
            case .nothing: throw StreamFault.readTwice
            }
        }

        /// The next part; nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> [UInt8]? {
            try await next()
        }
    }
}
