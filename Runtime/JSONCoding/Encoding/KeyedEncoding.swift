/// An object that is being written.
struct KeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let state: EncodingState
    private let serial: UInt32
    /// Whether keys are written as they are, whatever the key strategy.
    private let keepsKeys: Bool

    init(_ container: (state: EncodingState, serial: UInt32)) {
        state = container.state
        serial = container.serial
        keepsKeys = state.session.options.keys == .asWritten || state.frames.last?.keepsKeys == true
    }

    var codingPath: [any CodingKey] { state.codingPath(of: serial) }

    /// Writes a member's key.
    @inline(__always)
    private func begin(_ key: Key) throws {
        try begin(named: keepsKeys ? key.stringValue : state.session.snakeCase(key.stringValue))
    }

    @inline(__always)
    private func begin(named name: String) throws {
        guard serial == state.top else { throw state.misuse() }
        state.memberStart = state.writer.count
        state.writer.key(name)
    }

    /// Writes a member whose value may fail; a type that catches the error can go on with the next member.
    @inline(__always)
    private func member(_ key: Key, _ write: () throws -> Void) throws {
        let mark = state.mark
        do {
            try begin(key)
            try write()
        } catch {
            if serial == state.top || mark.frameCount < state.frames.count { state.rollBack(to: mark) }
            throw error
        }
    }

    mutating func encodeNil(forKey key: Key) throws {
        try begin(key)
        state.writer.null()
    }

    mutating func encode(_ value: Bool, forKey key: Key) throws {
        try begin(key)
        state.writer.bool(value)
    }

    mutating func encode(_ value: String, forKey key: Key) throws {
        try begin(key)
        state.writer.string(value)
    }

    mutating func encode(_ value: Double, forKey key: Key) throws {
        try member(key) { try state.write(value) }
    }

    mutating func encode(_ value: Float, forKey key: Key) throws {
        try member(key) { try state.write(value) }
    }

    @inline(__always)
    private func integer<Integer: FixedWidthInteger>(_ value: Integer, _ key: Key) throws {
        try begin(key)
        state.writer.integer(value)
    }

    mutating func encode(_ value: Int, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: Int8, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: Int16, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: Int32, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: Int64, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: Int128, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt8, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt16, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt32, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt64, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt128, forKey key: Key) throws { try integer(value, key) }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try member(key) { try state.encode(value) }
    }

    /// Leaves the place of a member that may be written later.
    private func apart(named name: String, _ shape: EncodingState.Shape) -> (
        state: EncodingState, serial: UInt32
    ) {
        do {
            try begin(named: name)
        } catch {
            // The protocol's method cannot throw; the container asked for is one whose text goes nowhere.
            return state.container(shape, of: serial)
        }
        return state.apart(shape)
    }

    private func name(_ key: Key) -> String {
        keepsKeys ? key.stringValue : state.session.snakeCase(key.stringValue)
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        KeyedEncodingContainer(KeyedEncoding<NestedKey>(apart(named: name(key), .object)))
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        UnkeyedEncoding(apart(named: name(key), .array))
    }

    mutating func superEncoder() -> any Encoder {
        let place = apart(named: "super", .undecided)
        return ValueEncoder(state: place.state, serial: place.serial)
    }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        let place = apart(named: name(key), .undecided)
        return ValueEncoder(state: place.state, serial: place.serial)
    }
}
