/// One row for a COPY, in the order of its columns.
public struct PostgresCopyRow: Sendable {
    /// The row in COPY's text format, with its end.
    let bytes: [UInt8]
    /// How many values it has.
    let count: Int

    /// A row of values, NULL for nil. Throws `PostgresError` of kind `statement` if one of them cannot be written.
    public init<each Value: PostgresBindable>(_ value: repeat each Value) throws {
        var text = CopyText()
        count = try text.append(row: repeat each value)
        bytes = text.bytes
    }

    /// A row of values whose number is not known beforehand, NULL for nil. Throws `PostgresError` of kind `statement` if
    /// one of them cannot be written.
    public init(values: [(any PostgresBindable)?]) throws {
        var text = CopyText()
        try text.append(values: values)
        count = values.count
        bytes = text.bytes
    }
}
