/// An array that is being written.
struct UnkeyedEncoding: UnkeyedEncodingContainer {
    private let state: EncodingState
    private let serial: UInt32

    init(_ container: (state: EncodingState, serial: UInt32)) {
        state = container.state
        serial = container.serial
    }

    var codingPath: [any CodingKey] { state.codingPath(of: serial) }

    var count: Int { state.elementCount(of: serial) }

    /// Writes an element that may fail; a type that catches the error can go on with the next one.
    @inline(__always)
    private func element(_ write: () throws -> Void) throws {
        let mark = state.mark
        do {
            try state.beginElement(of: serial)
            try write()
        } catch {
            if serial == state.top || mark.frameCount < state.frames.count { state.rollBack(to: mark) }
            throw error
        }
    }

    mutating func encodeNil() throws {
        try state.beginElement(of: serial)
        state.writer.null()
    }

    mutating func encode(_ value: Bool) throws {
        try state.beginElement(of: serial)
        state.writer.bool(value)
    }

    mutating func encode(_ value: String) throws {
        try state.beginElement(of: serial)
        state.writer.string(value)
    }

    mutating func encode(_ value: Double) throws { try element { try state.write(value) } }
    mutating func encode(_ value: Float) throws { try element { try state.write(value) } }

    @inline(__always)
    private func integer<Integer: FixedWidthInteger>(_ value: Integer) throws {
        try state.beginElement(of: serial)
        state.writer.integer(value)
    }

    mutating func encode(_ value: Int) throws { try integer(value) }
    mutating func encode(_ value: Int8) throws { try integer(value) }
    mutating func encode(_ value: Int16) throws { try integer(value) }
    mutating func encode(_ value: Int32) throws { try integer(value) }
    mutating func encode(_ value: Int64) throws { try integer(value) }
    mutating func encode(_ value: Int128) throws { try integer(value) }
    mutating func encode(_ value: UInt) throws { try integer(value) }
    mutating func encode(_ value: UInt8) throws { try integer(value) }
    mutating func encode(_ value: UInt16) throws { try integer(value) }
    mutating func encode(_ value: UInt32) throws { try integer(value) }
    mutating func encode(_ value: UInt64) throws { try integer(value) }
    mutating func encode(_ value: UInt128) throws { try integer(value) }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        try element { try state.encode(value) }
    }

    /// Leaves the place of an element that may be written later.
    private func apart(_ shape: EncodingState.Shape) -> (state: EncodingState, serial: UInt32) {
        do {
            try state.beginElement(of: serial)
        } catch {
            // The protocol's method cannot throw; the container asked for is one whose text goes nowhere.
            return state.container(shape, of: serial)
        }
        return state.apart(shape)
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedEncoding<Key>(apart(.object)))
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { UnkeyedEncoding(apart(.array)) }

    mutating func superEncoder() -> any Encoder {
        let place = apart(.undecided)
        return ValueEncoder(state: place.state, serial: place.serial)
    }
}
