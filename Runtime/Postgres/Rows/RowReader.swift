import CLibPQ

/// Reads the rows of one result, and remembers where the last column was found: properties are mostly declared in the
/// order of the columns, so that the next one is mostly the one wanted.
///
/// Of rows that come one by one, each a result of its own, the first one's columns count for all.
final class RowReader {
    /// What the rows are read from.
    var result: PostgresResult
    let columnCount: Int32
    /// Whose memory the names are in.
    private let first: PostgresResult
    private let names: [UnsafeBufferPointer<UInt8>]
    private let types: [UInt32]
    private let hasDoubles: Bool
    private var next: Int32 = 0

    init(_ result: PostgresResult) {
        self.result = result
        first = result
        columnCount = PQnfields(result.handle)
        names = (0..<columnCount).map { column in
            guard let name = PQfname(result.handle, column) else {
                return UnsafeBufferPointer(start: nil, count: 0)
            }
            var length = 0
            while name[length] != 0 { length += 1 }
            return UnsafeRawBufferPointer(start: name, count: length).assumingMemoryBound(to: UInt8.self)
        }
        types = (0..<columnCount).map { PQftype(result.handle, $0) }
        let names = names
        hasDoubles = names.indices.contains { index in
            names[..<index].contains { ColumnName.matches(names[index], $0) }
        }
    }

    /// The column for a property: the first one whose name is the same but for letter case and underscores. Nil if
    /// there is none.
    func column(_ key: String) -> Int32? {
        var key = key
        return key.withUTF8 { key in
            let start = hasDoubles || next >= columnCount ? 0 : next
            var index = start
            for _ in 0..<columnCount {
                if ColumnName.matches(key, names[Int(index)]) {
                    next = index + 1
                    return index
                }
                index = index + 1 == columnCount ? 0 : index + 1
            }
            return nil
        }
    }

    func name(_ column: Int32) -> String { String(decoding: names[Int(column)], as: UTF8.self) }

    func isNull(row: Int32, column: Int32) -> Bool { PQgetisnull(result.handle, row, column) == 1 }

    /// The value at a place; its bytes live as long as the result.
    func cell(row: Int32, column: Int32) -> Cell {
        var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        let isNull = isNull(row: row, column: column)
        if !isNull, let start = PQgetvalue(result.handle, row, column) {
            let length = Int(PQgetlength(result.handle, row, column))
            bytes = UnsafeRawBufferPointer(start: start, count: length).assumingMemoryBound(to: UInt8.self)
        }
        return Cell(bytes: bytes, isNull: isNull, type: types[Int(column)], column: column, reader: self)
    }

    func decode<Row: Decodable>(_ type: Row.Type, row: Int32) throws -> Row {
        // These know nothing of `RowDecoder`, and would ask it for something else.
        if columnCount == 1, let value = try cell(row: row, column: 0).whole(type) { return value }
        do {
            return try Row(from: RowDecoder(reader: self, row: row))
        } catch is DecodingError {
            // Its own words may have values in them.
            if columnCount == 1 { throw cell(row: row, column: 0).mismatch("\(type)") }
            throw PostgresError(.decoding, "A row cannot be read as \(type), by that type's own rules")
        }
    }
}
