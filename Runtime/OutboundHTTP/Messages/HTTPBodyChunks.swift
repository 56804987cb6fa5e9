/// The body of a streamed answer, in pieces as they come; about 64 KiB wait in memory, and then the server waits.
///
/// It has one reader, who may begin once. What has not been read when `withResponse` ends is dropped, and the
/// connection with it.
public struct HTTPBodyChunks: AsyncSequence, Sendable {
    let transfer: Transfer

    /// Reads the pieces.
    public struct Iterator: AsyncIteratorProtocol {
        let transfer: Transfer

        /// The bytes that have come since the last call, never none; nil at the body's end.
        ///
        /// Throws `HTTPClientError` (`tooLarge`, `timedOut`, `brokenOff`; `closed` after `withResponse`), and
        /// `CancellationError`.
        public mutating func next() async throws -> [UInt8]? {
            let transfer = transfer
            if transfer.loop.isCurrent { return try await transfer.nextChunk() }
            return try await withTaskExecutorPreference(transfer.loop.taskExecutor) {
                try await transfer.nextChunk()
            }
        }
    }

    /// The reader of the body.
    public func makeAsyncIterator() -> Iterator { Iterator(transfer: transfer) }

    /// All of the body that has not been read, up to the request's `maximumBody`; throws as the iterator does.
    public func collect() async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await chunk in self {
            if all.isEmpty { all = chunk } else { all.append(contentsOf: chunk) }
        }
        return all
    }
}
