/// An object of a tape, read by key.
struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let tape: JSONTape
    let object: Int
    /// Whether keys are looked up as they are, whatever the key strategy.
    let keepsKeys: Bool

    init(tape: JSONTape, object: Int, keepsKeys: Bool) throws {
        guard tape.entries[object].kind == .object else {
            throw tape.mismatch([String: Any].self, expected: "an object", at: object)
        }
        self.tape = tape
        self.object = object
        self.keepsKeys = keepsKeys || tape.options.keys == .asWritten
    }

    var codingPath: [any CodingKey] { tape.codingPath(to: object) }

    /// With `.snakeCase`, a key in the text is offered to the key type as it is, then in camel case.
    var allKeys: [Key] {
        var keys: [Key] = []
        keys.reserveCapacity(tape.entries[object].count)
        tape.forEachKey(of: object) { index in
            let name = tape.string(at: index)
            if let key = Key(stringValue: name) {
                keys.append(key)
            } else if !keepsKeys, let key = Key(stringValue: JSONKeyStrategy.camelCased(name)) {
                keys.append(key)
            }
        }
        return keys
    }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    /// The entry of a member's value, nil if there is none.
    @inline(__always)
    func find(_ key: Key) -> Int? {
        var name = keepsKeys ? key.stringValue : JSONKeyStrategy.snakeCased(key.stringValue)
        return name.withUTF8 { tape.value(of: $0, in: object) }
    }

    /// The entry of a member's value.
    @inline(__always)
    func require(_ key: Key) throws -> Int {
        if let index = find(key) { return index }
        throw missing(key)
    }

    /// The entry of a member's value, nil if there is none or it is `null`.
    @inline(__always)
    func present(_ key: Key) -> Int? {
        guard let index = find(key), !tape.isNull(at: index) else { return nil }
        return index
    }

    @inline(never)
    private func missing(_ key: Key) -> DecodingError {
        let name = keepsKeys ? key.stringValue : JSONKeyStrategy.snakeCased(key.stringValue)
        return .keyNotFound(
            PathKey(stringValue: name), .init(codingPath: codingPath, debugDescription: "is required"))
    }

    func decodeNil(forKey key: Key) throws -> Bool { tape.isNull(at: try require(key)) }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try tape.bool(at: require(key)) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try tape.string(at: require(key), for: type)
    }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try tape.double(at: require(key)) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try tape.float(at: require(key)) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try tape.integer(type, at: require(key)) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
        try tape.integer(type, at: require(key))
    }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
        try tape.integer(type, at: require(key))
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try tape.decode(type, at: require(key))
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        KeyedDecodingContainer(
            try KeyedDecoding<NestedKey>(tape: tape, object: require(key), keepsKeys: false))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try UnkeyedDecoding(tape: tape, array: require(key))
    }

    /// The decoder of the member `super`, where `superEncoder()` puts a superclass.
    func superDecoder() throws -> any Decoder {
        let name: StaticString = "super"
        guard let index = name.withUTF8Buffer({ tape.value(of: $0, in: object) }) else {
            throw DecodingError.keyNotFound(
                PathKey(stringValue: "super"), .init(codingPath: codingPath, debugDescription: "is required"))
        }
        return ValueDecoder(tape: tape, index: index)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        ValueDecoder(tape: tape, index: try require(key))
    }
}
