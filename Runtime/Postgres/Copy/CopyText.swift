/// Rows in COPY's text format (PostgreSQL manual, COPY, "Text Format"): tabs between values, a line feed behind each row.
struct CopyText: Sendable {
    /// The rows.
    var bytes: [UInt8] = []
    private var parameter = PostgresParameter(bytes: [])
    private var text: [UInt8] = []

    /// Adds a row, or nothing if one of its values cannot be written; answers how many values it has.
    mutating func append<each Value: PostgresBindable>(row value: repeat each Value) throws(PostgresError) -> Int {
        let start = bytes.count
        var count = 0
        do throws(PostgresError) {
            for value in repeat each value {
                try append(value, isFirst: count == 0)
                count += 1
            }
        } catch {
            bytes.removeSubrange(start...)
            throw error
        }
        bytes.append(UInt8(ascii: "\n"))
        return count
    }

    /// Adds a row of values whose number is not known beforehand, or nothing if one of them cannot be written.
    mutating func append(values: [(any PostgresBindable)?]) throws(PostgresError) {
        let start = bytes.count
        do throws(PostgresError) {
            for (index, value) in values.enumerated() {
                if let value {
                    try append(value, isFirst: index == 0)
                } else {
                    try append(Bool?.none, isFirst: index == 0)
                }
            }
        } catch {
            bytes.removeSubrange(start...)
            throw error
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append<Value: PostgresBindable>(_ value: Value, isFirst: Bool)
        throws(PostgresError)
    {
        if !isFirst { bytes.append(UInt8(ascii: "\t")) }
        parameter.bytes.removeAll(keepingCapacity: true)
        parameter.isNull = false
        value.write(to: &parameter)
        if let reason = parameter.reason {
            parameter.reason = nil
            throw PostgresError(.statement, reason.message, sqlState: reason.state)
        }
        if parameter.isNull {
            bytes.append(contentsOf: "\\N".utf8)
            return
        }
        let type = Value.postgresType
        guard type.isBinary else {
            escape(parameter.bytes)
            return
        }
        text.removeAll(keepingCapacity: true)
        guard ValueText.append(parameter.bytes[...], of: type.oid, to: &text) else {
            throw PostgresError(
                .statement,
                "A value of type \(PostgresType.name(type.oid)) has no text form that is known, which COPY needs")
        }
        escape(text)
    }

    /// A backslash is what makes a tab, a line's end and itself part of a value.
    private mutating func escape(_ value: [UInt8]) {
        bytes.reserveCapacity(bytes.count + value.count)
        for byte in value {
            switch byte {
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0B: bytes.append(contentsOf: "\\v".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            default: bytes.append(byte)
            }
        }
    }
}
