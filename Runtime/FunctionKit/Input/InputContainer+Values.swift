extension InputContainer {
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        if type == PageRequest.self {
            guard let window = input.invocation.page else { throw InputContainer.notPaged }
            // Safe: the cast is to the type that was just found to be the same.
            return unsafeBitCast(PageRequest(window), to: type)
        }
        if let text = input.texts(key.stringValue) { return try ParameterText.value(type, text, key) }
        return try fields(key).decode(type, forKey: key)
    }

    private static var notPaged: APIError {
        APIError(
            .internalError, cause: "Input has a PageRequest, and the manifest has no `page` for this function"
        )
    }

    // Each of these would otherwise look a field up three times: is it there, is it null, what is it.

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        if let text = input.texts(key.stringValue) { return try ParameterText.string(text, key) }
        return try fieldsIfAny()?.decodeIfPresent(type, forKey: key)
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try number(type, key) ?? fieldsIfAny()?.decodeIfPresent(type, forKey: key)
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        if let text = input.texts(key.stringValue) { return try ParameterText.bool(text, key) }
        return try fieldsIfAny()?.decodeIfPresent(type, forKey: key)
    }

    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        if let text = input.texts(key.stringValue) { return try ParameterText.double(text, key) }
        return try fieldsIfAny()?.decodeIfPresent(type, forKey: key)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        if type == PageRequest.self {
            return input.invocation.page == nil ? nil : try decode(type, forKey: key)
        }
        if let text = input.texts(key.stringValue) { return try ParameterText.value(type, text, key) }
        return try fieldsIfAny()?.decodeIfPresent(type, forKey: key)
    }

    private func fieldsIfAny() throws -> KeyedDecodingContainer<Key>? {
        if case .notJSON = input.body { throw InputBody.wrongType }
        return body
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try fields(key).nestedContainer(keyedBy: type, forKey: key)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try fields(key).nestedUnkeyedContainer(forKey: key)
    }

    func superDecoder() throws -> any Decoder { input }

    func superDecoder(forKey key: Key) throws -> any Decoder { try fields(key).superDecoder(forKey: key) }
}
