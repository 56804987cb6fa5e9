/// Takes the rows of a COPY; for as long as its closure runs.
///
/// A row that is refused before it is sent (too few values, text with a zero character) throws and is left out; whether
/// the COPY goes on without it is the closure's decision.
public struct PostgresCopyWriter {
    let stream: CopyStream
    /// How many values a row must have; nil when the table's own columns are not known.
    let columns: Int?

    /// Writes a row, NULL for nil; waits when the server is slower.
    ///
    /// Throws `PostgresError` of kind `statement` for values that cannot be written, the server's error if it has refused a
    /// row before (which the server says later than the row, or only at the end), `CancellationError`.
    nonisolated(nonsending) public func write<each Value: PostgresBindable>(_ value: repeat each Value) async throws {
        try stream.check()
        let start = stream.text.bytes.count
        let count = try stream.text.append(row: repeat each value)
        try checkCount(count, undoingTo: start)
        try await stream.flushIfFull()
    }

    /// Writes a row of values whose number is not known beforehand; otherwise as `write`.
    nonisolated(nonsending) public func write(values: [(any PostgresBindable)?]) async throws {
        try stream.check()
        let start = stream.text.bytes.count
        try stream.text.append(values: values)
        try checkCount(values.count, undoingTo: start)
        try await stream.flushIfFull()
    }

    /// Writes a row that was put together before; otherwise as `write`.
    nonisolated(nonsending) public func write(_ row: PostgresCopyRow) async throws {
        try stream.check()
        let start = stream.text.bytes.count
        stream.text.bytes.append(contentsOf: row.bytes)
        try checkCount(row.count, undoingTo: start)
        try await stream.flushIfFull()
    }

    private func checkCount(_ count: Int, undoingTo start: Int) throws {
        guard let columns, columns != count else { return }
        stream.text.bytes.removeSubrange(start...)
        throw PostgresError(.statement, "A row has \(count) values for \(columns) columns")
    }
}
