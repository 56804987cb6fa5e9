import JSONCoding

/// An object's fields, or an input's, of which some may be faulty.
struct FaultFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let search: FaultSearch
    let source: FaultDecoder.Source
    let path: [JSONPath.Element]
    /// The input's own fields; nil within the body.
    let fields: KeyedDecodingContainer<Key>?

    var codingPath: [any CodingKey] { path.map { FieldKey($0) } }

    var allKeys: [Key] {
        if let fields { return fields.allKeys }
        guard case .json(let value) = source else { return [] }
        return value.objectValue?.keys.compactMap { Key(stringValue: $0) } ?? []
    }

    func contains(_ key: Key) -> Bool {
        if let fields { return fields.contains(key) }
        return json(key) != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        if let fields, fields.contains(key) { return try fields.decodeNil(forKey: key) }
        return json(key)?.isNull ?? true
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let place = path + [.key(key.stringValue)]
        if let fields { return try decode(type, key, fields) }
        guard case .json = source else { return try search.placeholder(type, place) }
        guard let json = json(key) else {
            try search.record("is required", at: place)
            return try search.placeholder(type, place)
        }
        return try search.value(type, json, place)
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type, _ key: Key, _ fields: KeyedDecodingContainer<Key>
    ) throws -> Value {
        do {
            // As the first pass reads them, and not by way of JSON, which takes `1.0` and `-0`.
            if let whole = type as? any FixedWidthInteger.Type, let text = search.input.texts(key.stringValue),
                let value = try ParameterText.integer(whole, text, key) as? Value
            {
                return value
            }
            return try fields.decode(type, forKey: key)
        } catch let error as DecodingError {
            let isInBody = search.input.place(of: key.stringValue) == .body
            let json = isInBody ? search.body?[key.stringValue] : nil
            return try search.explore(type, json, path + [.key(key.stringValue)]) {
                let (inner, sentence) = FaultSearch.describe(error)
                try search.record(sentence, at: inner.isEmpty ? [.key(key.stringValue)] : inner)
            }
        }
    }

    /// A part of the body by its key.
    private func json(_ key: Key) -> JSONValue? {
        switch source {
        case .input: search.body?[key.stringValue]
        case .json(let value): value[key.stringValue]
        case .placeholder: nil
        }
    }

    /// The decoder of a field that is an object or an array of its own.
    private func nested(_ key: Key) throws -> FaultDecoder {
        let place = path + [.key(key.stringValue)]
        if let json = json(key) { return FaultDecoder(search: search, source: .json(json), path: place) }
        if case .placeholder = source {} else { try search.record("is required", at: place) }
        return FaultDecoder(search: search, source: .placeholder, path: place)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try nested(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { FaultDecoder(search: search, source: source, path: path) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }
}
