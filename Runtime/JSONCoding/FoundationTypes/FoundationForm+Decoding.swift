import FoundationEssentials

extension FoundationForm {
    /// Reads a value of the form's type, which must be the type asked for.
    func decode<Value>(_ type: Value.Type, _ tape: JSONTape, at index: Int) throws -> Value {
        // Safe: the caller found the form by the type.
        switch self {
        case .date: unsafeBitCast(try Self.date(tape, index), to: type)
        case .uuid: unsafeBitCast(try Self.uuid(tape, index), to: type)
        case .data: unsafeBitCast(try Self.data(tape, index), to: type)
        case .decimal: unsafeBitCast(try Self.decimal(tape, index), to: type)
        case .url: unsafeBitCast(try Self.url(tape, index), to: type)
        }
    }

    private static func date(_ tape: JSONTape, _ index: Int) throws -> Date {
        guard tape.entries[index].kind == .string else {
            throw tape.mismatch(Date.self, expected: "a timestamp", at: index)
        }
        guard let moment = Timestamp.parse(tape.text(at: index)) else {
            throw tape.invalid("expected a timestamp like 2025-01-31T12:00:00.000Z (RFC 3339)", at: index)
        }
        return Date(timeIntervalSince1970: Double(moment.seconds) + Double(moment.nanoseconds) / 1e9)
    }

    private static func uuid(_ tape: JSONTape, _ index: Int) throws -> UUID {
        guard let value = UUID(uuidString: try tape.string(at: index, for: UUID.self)) else {
            throw tape.invalid("expected a UUID", at: index)
        }
        return value
    }

    private static func data(_ tape: JSONTape, _ index: Int) throws -> Data {
        guard let value = Data(base64Encoded: try tape.string(at: index, for: Data.self)) else {
            throw tape.invalid("expected base64 text", at: index)
        }
        return value
    }

    private static func url(_ tape: JSONTape, _ index: Int) throws -> URL {
        guard let value = URL(string: try tape.string(at: index, for: URL.self)) else {
            throw tape.invalid("expected a URL", at: index)
        }
        return value
    }

    /// A decimal holds 38 digits; a number of more is refused, not rounded.
    private static func decimal(_ tape: JSONTape, _ index: Int) throws -> Decimal {
        let number = try tape.number(at: index)
        if let value = number.exactly(Int64.self) { return Decimal(value) }
        let exact = number.exact
        guard exact.digits.count <= 38, exact.digits.count + exact.scale <= 128, exact.scale >= -128,
            let value = Decimal(string: number.text)
        else {
            throw tape.invalid("is out of range for a decimal number of 38 digits", at: index)
        }
        return value
    }
}
