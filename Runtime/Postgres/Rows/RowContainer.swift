/// The columns of one row by the names of properties.
struct RowContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let reader: RowReader
    let row: Int32

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] { (0..<reader.columnCount).compactMap { Key(stringValue: reader.name($0)) } }

    func contains(_ key: Key) -> Bool { reader.column(key.stringValue) != nil }

    private func cell(_ key: Key) throws -> Cell {
        guard let column = reader.column(key.stringValue) else {
            throw PostgresError(.decoding, "The row has no column for \(key.stringValue)")
        }
        return reader.cell(row: row, column: column)
    }

    /// The value of a property that may be nil; nil for NULL and for a column that is not there.
    private func present(_ key: Key) -> Cell? {
        guard let column = reader.column(key.stringValue) else { return nil }
        let cell = reader.cell(row: row, column: column)
        return cell.isNull ? nil : cell
    }

    func decodeNil(forKey key: Key) throws -> Bool { try cell(key).isNull }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try cell(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try cell(key).string() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try cell(key).double() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try cell(key).float() }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try cell(key).integer(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try cell(key).integer(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try cell(key).integer(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try cell(key).integer(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try cell(key).integer(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try cell(key).integer(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try cell(key).integer(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try cell(key).integer(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try cell(key).integer(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try cell(key).integer(type) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try cell(key).decode(type)
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try present(key)?.string()
    }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try present(key)?.integer(type) }
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try present(key)?.decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw try cell(key).mismatch("type with properties")
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try cell(key).elements()
    }

    func superDecoder() throws -> any Decoder { RowDecoder(reader: reader, row: row) }

    func superDecoder(forKey key: Key) throws -> any Decoder { CellDecoder(cell: try cell(key)) }
}
