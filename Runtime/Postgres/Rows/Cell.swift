import Glibc

/// One value of a row in its text form, and what it can become.
struct Cell {
    let bytes: UnsafeBufferPointer<UInt8>
    let isNull: Bool
    let type: UInt32
    let column: Int32
    let reader: RowReader
    /// Whether it is an element of the column's array.
    var isElement = false

    /// Whether the column holds JSON, which decodes into any `Decodable`.
    var isJSON: Bool { type == PostgresType.jsonb.oid || type == PostgresType.jsonOID }

    func string() throws -> String {
        if isNull { throw mismatch("String") }
        return String(decoding: bytes, as: UTF8.self)
    }

    func bool() throws -> Bool {
        guard type == PostgresType.bool.oid, bytes.count == 1 else { return try fromJSON() }
        return bytes[0] == UInt8(ascii: "t")
    }

    /// Whether the type is one of the integers or, like sums of them, `numeric`.
    var isWhole: Bool {
        switch type {
        case 20, 21, 23, 26, 1700: true
        default: false
        }
    }

    /// Whether the type is a number's.
    private var isNumber: Bool { isWhole || type == 700 || type == 701 }

    @inline(__always)
    func integer<Number: FixedWidthInteger & Decodable>(_ wanted: Number.Type) throws -> Number {
        guard isWhole, let value = DecimalText.parse(bytes, as: wanted) else { return try fromJSON() }
        return value
    }

    func double() throws -> Double {
        // libpq ends every value with a zero byte.
        guard isNumber, !bytes.isEmpty,
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
        else { return try fromJSON() }
        var end: UnsafeMutablePointer<CChar>?
        let value = strtod(start, &end)
        guard end == UnsafeMutablePointer(mutating: start + bytes.count) else { throw mismatch("Double") }
        return value
    }

    func float() throws -> Float {
        guard isNumber, !bytes.isEmpty,
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
        else { return try fromJSON() }
        var end: UnsafeMutablePointer<CChar>?
        let value = strtof(start, &end)
        guard end == UnsafeMutablePointer(mutating: start + bytes.count) else { throw mismatch("Float") }
        return value
    }

    /// A document that is a number or a truth value; all else does not fit.
    private func fromJSON<Value: Decodable>() throws -> Value {
        guard isJSON, !isNull else { throw mismatch("\(Value.self)") }
        return try json(Value.self)
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
        guard type == PostgresType.timestamptz.oid || type == 1114 || type == PostgresType.date.oid,
            let value = TimestampText.microseconds(bytes)
        else { throw mismatch("Date") }
        return value
    }

    func calendarDate() throws -> CalendarDate {
        guard type == PostgresType.date.oid, !isNull, let value = CalendarDate(try string()) else {
            throw mismatch("CalendarDate")
        }
        return value
    }

    /// The value as a type that is not taken apart by `Decodable`: bytes, a date, a UUID, a decimal. Nil when the type
    /// is none of them.
    func whole<Value: Decodable>(_ wanted: Value.Type) throws -> Value? {
        // An array of small integers is read as any array is.
        if wanted == [UInt8].self, type == PostgresType.bytea.oid || PostgresType.element(ofArray: type) == nil {
            return try byteArray() as? Value
        }
        if wanted == CalendarDate.self { return try calendarDate() as? Value }
        return try foundation(wanted)
    }

    func decode<Value: Decodable>(_ wanted: Value.Type) throws -> Value {
        if isJSON, !isNull, wanted != String.self { return try json(wanted) }
        if let value = try whole(wanted) { return value }
        do {
            return try Value(from: CellDecoder(cell: self))
        } catch is DecodingError {
            // Its own words may have the value in them.
            throw mismatch("\(wanted)")
        }
    }

    /// The elements of an array.
    func elements() throws -> ArrayContainer {
        guard !isNull, let element = PostgresType.element(ofArray: type) else { throw mismatch("array") }
        do {
            return ArrayContainer(cell: self, type: element, elements: try ArrayText.elements(bytes))
        } catch .severalDimensions {
            throw PostgresError(
                .decoding,
                "Column \(reader.name(column)) has an array of several dimensions, which cannot be read")
        } catch .malformed {
            throw mismatch("array")
        }
    }

    /// The value does not fit. The value itself is not told, for it may be anybody's secret.
    func mismatch(_ wanted: String) -> PostgresError {
        let place = isElement ? "An element of column" : "Column"
        let what = isNull ? "is NULL, which" : "has a value that"
        return PostgresError(
            .decoding,
            "\(place) \(reader.name(column)), of type \(PostgresType.name(type)), \(what) cannot be read as \(wanted)"
        )
    }
}
