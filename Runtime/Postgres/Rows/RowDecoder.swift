/// Decodes a type from one row: its properties from the columns, or a single value from the only column.
struct RowDecoder: Decoder {
    let reader: RowReader
    let row: Int32

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(RowContainer(reader: reader, row: row))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        // Where there is one column, its array.
        if reader.columnCount == 1 { return try reader.cell(row: row, column: 0).elements() }
        throw PostgresError(.decoding, "A row has no order to be decoded in; name the columns")
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        guard reader.columnCount == 1 else {
            throw PostgresError(
                .decoding, "A single value is wanted, and the row has \(reader.columnCount) columns")
        }
        return CellDecoder(cell: reader.cell(row: row, column: 0))
    }
}
