/// Where the body of a streamed request is written to.
public struct HTTPBodyWriter: Sendable {
    let feed: BodyFeed

    /// Hands bytes over, and waits while more than 64 KiB have not been taken by the connection.
    ///
    /// Throws `CancellationError` when the request has ended or the task is cancelled, and `HTTPClientError` of kind
    /// `invalidRequest` for bytes beyond the length that was promised.
    public func write(_ bytes: [UInt8]) async throws {
        if feed.loop.isCurrent { return try await feed.write(bytes) }
        try await withTaskExecutorPreference(feed.loop.taskExecutor) { try await feed.write(bytes) }
    }

    /// Hands over the text's UTF-8; see `write(_:)`.
    public func write(_ text: String) async throws { try await write(Array(text.utf8)) }
}
