/// The place of one value in the text, as Codable sees it. It is 16 bytes, so it needs no box in an existential.
struct ValueEncoder: Encoder {
    let state: EncodingState
    let serial: UInt32

    var codingPath: [any CodingKey] { state.codingPath(of: serial) }

    var userInfo: [CodingUserInfoKey: Any] { state.session.options.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedEncoding<Key>(state.container(.object, of: serial)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedEncoding(state.container(.array, of: serial))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// Writes a value of this module's own as the value.
    func write(_ value: JSONValue) throws {
        try state.beginSingle(of: serial)
        state.writer.value(value)
    }
}

extension ValueEncoder: SingleValueEncodingContainer {
    func encodeNil() throws {
        try state.beginSingle(of: serial)
        state.writer.null()
    }

    func encode(_ value: Bool) throws {
        try state.beginSingle(of: serial)
        state.writer.bool(value)
    }

    func encode(_ value: String) throws {
        try state.beginSingle(of: serial)
        state.writer.string(value)
    }

    func encode(_ value: Double) throws {
        try state.beginSingle(of: serial)
        try state.write(value)
    }

    func encode(_ value: Float) throws {
        try state.beginSingle(of: serial)
        try state.write(value)
    }

    private func integer<Integer: FixedWidthInteger>(_ value: Integer) throws {
        try state.beginSingle(of: serial)
        state.writer.integer(value)
    }

    func encode(_ value: Int) throws { try integer(value) }
    func encode(_ value: Int8) throws { try integer(value) }
    func encode(_ value: Int16) throws { try integer(value) }
    func encode(_ value: Int32) throws { try integer(value) }
    func encode(_ value: Int64) throws { try integer(value) }
    func encode(_ value: Int128) throws { try integer(value) }
    func encode(_ value: UInt) throws { try integer(value) }
    func encode(_ value: UInt8) throws { try integer(value) }
    func encode(_ value: UInt16) throws { try integer(value) }
    func encode(_ value: UInt32) throws { try integer(value) }
    func encode(_ value: UInt64) throws { try integer(value) }
    func encode(_ value: UInt128) throws { try integer(value) }

    func encode<Value: Encodable>(_ value: Value) throws {
        try state.beginSingle(of: serial)
        try state.encode(value)
    }
}
