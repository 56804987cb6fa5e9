import Glibc

/// One value of a row in its text form, and what it can become.
struct Cell {
    let bytes: UnsafeBufferPointer<UInt8>
    let isNull: Bool
    let type: UInt32
    let column: Int32
    let reader: RowReader

    /// Whether the column holds JSON, which decodes into any `Decodable`.
    var isJSON: Bool { type == PostgresType.jsonb.oid || type == PostgresType.jsonOID }

    func string() throws -> String {
        if isNull { throw mismatch("String") }
        return String(decoding: bytes, as: UTF8.self)
    }

    func bool() throws -> Bool {
        guard type == PostgresType.bool.oid, bytes.count == 1 else { throw mismatch("Bool") }
        return bytes[0] == UInt8(ascii: "t")
    }

    @inline(__always)
    func integer<Number: FixedWidthInteger>(_ wanted: Number.Type) throws -> Number {
        guard let value = DecimalText.parse(bytes, as: wanted) else { throw mismatch("\(wanted)") }
        return value
    }

    func double() throws -> Double {
        // libpq ends every value with a zero byte.
        guard !bytes.isEmpty,
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self),
            bytes[0] != UInt8(ascii: " ")
        else { throw mismatch("Double") }
        var end: UnsafeMutablePointer<CChar>?
        let value = strtod(start, &end)
        guard end == UnsafeMutablePointer(mutating: start + bytes.count) else { throw mismatch("Double") }
        return value
    }

    func float() throws -> Float {
        guard !bytes.isEmpty,
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self),
            bytes[0] != UInt8(ascii: " ")
        else { throw mismatch("Float") }
        var end: UnsafeMutablePointer<CChar>?
        let value = strtof(start, &end)
        guard end == UnsafeMutablePointer(mutating: start + bytes.count) else { throw mismatch("Float") }
        return value
    }

    /// The bytes of a `bytea`: two hexadecimal digits each, behind `\x`.
    func byteArray() throws -> [UInt8] {
        guard type == PostgresType.bytea.oid, bytes.count >= 2, bytes.count % 2 == 0,
            bytes[0] == UInt8(ascii: "\\"),
            bytes[1] == UInt8(ascii: "x")
        else { throw mismatch("[UInt8]") }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 2 - 1)
        for index in stride(from: 2, to: bytes.count, by: 2) {
            guard let high = Self.nibble(bytes[index]), let low = Self.nibble(bytes[index + 1]) else {
                throw mismatch("[UInt8]")
            }
            result.append(high << 4 | low)
        }
        return result
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Microseconds since 1970 of a `timestamptz`, `timestamp` or `date`.
    func microseconds() throws -> Int64 {
        guard let value = TimestampText.microseconds(bytes) else { throw mismatch("Date") }
        return value
    }

    /// The value as a type that is not taken apart by `Decodable`: bytes, a date, a UUID, a decimal. Nil when the type
    /// is none of them.
    func whole<Value: Decodable>(_ wanted: Value.Type) throws -> Value? {
        if wanted == [UInt8].self { return try byteArray() as? Value }
        return try foundation(wanted)
    }

    func decode<Value: Decodable>(_ wanted: Value.Type) throws -> Value {
        if isJSON, !isNull, wanted != String.self { return try json(wanted) }
        if let value = try whole(wanted) { return value }
        return try Value(from: CellDecoder(cell: self))
    }

    /// The value does not fit. The value itself is not told, for it may be anybody's secret.
    func mismatch(_ wanted: String) -> PostgresError {
        let what = isNull ? "NULL" : "a value of type \(type)"
        return PostgresError(.decoding, "Column \(reader.name(column)) has \(what), which is no \(wanted)")
    }
}
