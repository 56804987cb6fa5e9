extension JSONTape {
    /// Decodes the value at an entry.
    func decode<Value: Decodable>(_ type: Value.Type, at index: Int) throws -> Value {
        // What elements of arrays mostly are; their own `init(from:)` would take a container to get here again.
        // Safe: each cast is to the type that was just found to be the same.
        if type == String.self { return unsafeBitCast(try string(at: index, for: String.self), to: type) }
        if type == Int.self { return unsafeBitCast(try integer(Int.self, at: index), to: type) }
        if type == Double.self { return unsafeBitCast(try double(at: index), to: type) }
        if type == JSONValue.self { return unsafeBitCast(value(at: index), to: type) }
        if let form = FoundationForms.shared.form(of: type) { return try form.decode(type, self, at: index) }
        let keepsKeys = options.keys != .asWritten && type is any VerbatimKeyed.Type
        return try Value(from: ValueDecoder(tape: self, index: index, keepsKeys: keepsKeys))
    }

    func isNull(at index: Int) -> Bool { entries[index].kind == .null }

    @inline(__always)
    func string(at index: Int, for type: Any.Type) throws -> String {
        guard entries[index].kind == .string else { throw mismatch(type, expected: "a string", at: index) }
        return string(at: index)
    }

    func bool(at index: Int) throws -> Bool {
        switch entries[index].kind {
        case .true: return true
        case .false: return false
        default: throw mismatch(Bool.self, expected: "true or false", at: index)
        }
    }

    @inline(__always)
    func integer<Integer: FixedWidthInteger>(_ type: Integer.Type, at index: Int) throws -> Integer {
        guard entries[index].kind == .number else {
            throw mismatch(type, expected: "a whole number", at: index)
        }
        if entries[index].flags.contains(.whole), let value = NumberText.integer(text(at: index), as: type) {
            return value
        }
        return try unusualInteger(type, at: index)
    }

    /// A whole number with a fraction or an exponent, or one that does not fit.
    @inline(never)
    private func unusualInteger<Integer: FixedWidthInteger>(_ type: Integer.Type, at index: Int) throws
        -> Integer
    {
        let exact = ExactDecimal(text(at: index))
        if let value = exact.exactly(type) { return value }
        guard exact.isWhole else {
            throw mismatch(type, expected: "a whole number", found: "a number with a fraction", at: index)
        }
        throw invalid("is out of range: expected \(Integer.min) to \(Integer.max)", at: index)
    }

    func double(at index: Int) throws -> Double {
        guard entries[index].kind == .number else {
            throw mismatch(Double.self, expected: "a number", at: index)
        }
        let value = NumberText.double(text(at: index))
        guard value.isFinite else { throw invalid("is out of range for a number", at: index) }
        return value
    }

    func float(at index: Int) throws -> Float {
        guard entries[index].kind == .number else {
            throw mismatch(Float.self, expected: "a number", at: index)
        }
        let value = NumberText.float(text(at: index))
        guard value.isFinite else { throw invalid("is out of range for a number", at: index) }
        return value
    }

    func number(at index: Int) throws -> JSONNumber {
        guard entries[index].kind == .number else {
            throw mismatch(JSONNumber.self, expected: "a number", at: index)
        }
        return jsonNumber(at: index)
    }

    /// The error for a value of another type; `null` has a case of its own in the standard library's error.
    @inline(never)
    func mismatch(_ type: Any.Type, expected: StaticString, found: String? = nil, at index: Int)
        -> DecodingError
    {
        let context = DecodingError.Context(
            codingPath: codingPath(to: index),
            debugDescription: "expected \(expected), found \(found ?? kindName(at: index))")
        return isNull(at: index) ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    /// The error for a value that is of the right type and not allowed.
    @inline(never)
    func invalid(_ sentence: String, at index: Int) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath(to: index), debugDescription: sentence))
    }

    private func kindName(at index: Int) -> String {
        switch entries[index].kind {
        case .null: "null"
        case .true, .false: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
