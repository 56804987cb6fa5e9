/// Takes the bytes of a COPY of CSV; for as long as its closure runs.
public struct PostgresCSVWriter {
    let stream: CopyStream
    /// What stands around values.
    let quote: UInt8

    /// Writes bytes, which may end anywhere in a row; waits when the server is slower. Throws the server's error if it has
    /// refused a row before, `CancellationError`.
    ///
    /// A line that is just `\.` would end the COPY and lose the rows behind it: it is refused with `PostgresError` of kind
    /// `statement`, and nothing is kept. In quotes it is a value.
    nonisolated(nonsending) public func write(_ bytes: some Collection<UInt8>) async throws {
        try stream.check()
        let start = stream.text.bytes.count
        stream.text.bytes.append(contentsOf: bytes)
        guard !stream.lines.hasEnd(in: stream.text.bytes[start...], quote: quote) else {
            let value = #"\."#
            let mark = Character(Unicode.Scalar(quote))
            let error = PostgresError(
                .statement,
                "A line of the CSV is just \(value), which would end the COPY; nothing was written. Write \(mark)\(value)\(mark)"
            )
            stream.fail(error)
            throw error
        }
        try await stream.flushIfFull()
    }
}
