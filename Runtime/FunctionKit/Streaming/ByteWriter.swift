/// What a stream's body is written to.
///
/// Parts are sent at the end of the worker's turn, small ones together. It may be used by several tasks at once, whose
/// parts are sent in the order of their calls.
public struct ByteWriter: Sendable {
    let sink: any StreamSink

    /// Sends bytes, and waits until the client has taken enough of those before them: 64 KiB wait at most.
    ///
    /// Throws `CancellationError` when the client has gone, or the task is cancelled; `StreamFault` for more bytes than
    /// were announced and after the body's end.
    nonisolated(nonsending) public func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        if try !sink.write(bytes) { try await sink.waitForRoom() }
    }

    /// Sends text as UTF-8; otherwise as `write` of bytes.
    nonisolated(nonsending) public func write(_ text: String) async throws {
        try await write(Array(text.utf8))
    }

    /// Sends the head now, before the first part: from here on an error can only break the stream off.
    public func begin() throws { try sink.begin() }
}

/// Where a stream's bytes go: a worker's link, or a test.
protocol StreamSink: AnyObject, Sendable {
    /// Sends the head, unless it is sent.
    func begin() throws
    /// Takes bytes, all of them; false: no more before `waitForRoom` has returned.
    func write(_ bytes: [UInt8]) throws -> Bool
    nonisolated(nonsending) func waitForRoom() async throws
}
