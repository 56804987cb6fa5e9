/// Takes the bytes of a COPY of CSV; for as long as its closure runs.
public struct PostgresCSVWriter {
    let stream: CopyStream

    /// Writes bytes, which may end anywhere in a row; waits when the server is slower. Throws the server's error if it has
    /// refused a row before, `CancellationError`.
    nonisolated(nonsending) public func write(_ bytes: some Collection<UInt8>) async throws {
        try stream.check()
        stream.text.bytes.append(contentsOf: bytes)
        try await stream.flushIfFull()
    }
}
