/// The fields of an input, by key.
struct InputContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let input: InputDecoder
    let body: KeyedDecodingContainer<Key>?

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        let names = (input.invocation.parameters + input.invocation.query).map(\.name)
        return names.compactMap { Key(stringValue: $0) } + (body?.allKeys ?? [])
    }

    /// Also true when there is a body of another type than JSON: asking it for the field is then 415.
    func contains(_ key: Key) -> Bool {
        if input.texts(key.stringValue) != nil { return true }
        if case .notJSON = input.body { return true }
        return body?.contains(key) ?? false
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        if input.texts(key.stringValue) != nil { return false }
        return try fields(key).decodeNil(forKey: key)
    }

    /// The body's fields, for a key that neither the path nor the query has.
    func fields(_ key: Key) throws -> KeyedDecodingContainer<Key> {
        if let body { return body }
        if case .notJSON = input.body { throw InputBody.wrongType }
        throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: "is required"))
    }

    func number<Number: FixedWidthInteger>(_ type: Number.Type, _ key: Key) throws -> Number? {
        try input.texts(key.stringValue).map { try ParameterText.integer(type, $0, key) }
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        if let text = input.texts(key.stringValue) { return try ParameterText.string(text, key) }
        return try fields(key).decode(type, forKey: key)
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        if let text = input.texts(key.stringValue) { return try ParameterText.bool(text, key) }
        return try fields(key).decode(type, forKey: key)
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        if let text = input.texts(key.stringValue) { return try ParameterText.double(text, key) }
        return try fields(key).decode(type, forKey: key)
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        if let text = input.texts(key.stringValue) { return Float(try ParameterText.double(text, key)) }
        return try fields(key).decode(type, forKey: key)
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }

    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
        try number(type, key) ?? fields(key).decode(type, forKey: key)
    }
}
