/// An array of a tape, read element by element. It is 24 bytes, so it needs no box in an existential.
struct UnkeyedDecoding: UnkeyedDecodingContainer {
    let tape: JSONTape
    private let array: UInt32
    /// The entry of the element to be read next.
    private var next: UInt32
    private(set) var currentIndex = 0

    init(tape: JSONTape, array: Int) throws {
        guard tape.entries[array].kind == .array else {
            throw tape.mismatch([Any].self, expected: "an array", at: array)
        }
        self.tape = tape
        self.array = UInt32(truncatingIfNeeded: array)
        next = self.array + 1
    }

    var codingPath: [any CodingKey] { tape.codingPath(to: Int(array)) }
    var count: Int? { tape.entries[Int(array)].count }
    var isAtEnd: Bool { Int(next) >= tape.entries[Int(array)].end }

    /// The entry of the next element, which is left for the next call too.
    @inline(__always)
    private func element(_ type: Any.Type) throws -> Int {
        guard !isAtEnd else { throw missing(type) }
        tape.entries[Int(array)].hint = Int(next)
        tape.entries[Int(array)].hintOrdinal = currentIndex
        return Int(next)
    }

    @inline(never)
    private func missing(_ type: Any.Type) -> DecodingError {
        .valueNotFound(
            type,
            .init(
                codingPath: codingPath + [PathKey(intValue: currentIndex)],
                debugDescription: "is required, but the array ends before it"))
    }

    @inline(__always)
    private mutating func advance() {
        next = UInt32(truncatingIfNeeded: tape.next(after: Int(next)))
        currentIndex += 1
    }

    /// The element stays the next one if reading it throws.
    @inline(__always)
    private mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer {
        let value = try tape.integer(type, at: element(type))
        advance()
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard tape.isNull(at: try element(Never.self)) else { return false }
        advance()
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool {
        let value = try tape.bool(at: element(type))
        advance()
        return value
    }

    mutating func decode(_ type: String.Type) throws -> String {
        let value = try tape.string(at: element(type), for: type)
        advance()
        return value
    }

    mutating func decode(_ type: Double.Type) throws -> Double {
        let value = try tape.double(at: element(type))
        advance()
        return value
    }

    mutating func decode(_ type: Float.Type) throws -> Float {
        let value = try tape.float(at: element(type))
        advance()
        return value
    }

    mutating func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try integer(type) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try integer(type) }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try tape.decode(type, at: element(type))
        advance()
        return value
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<
        Key
    > {
        let nested = try KeyedDecoding<Key>(tape: tape, object: element(type), keepsKeys: false)
        advance()
        return KeyedDecodingContainer(nested)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let nested = try UnkeyedDecoding(tape: tape, array: element([Any].self))
        advance()
        return nested
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = ValueDecoder(tape: tape, index: try element((any Decoder).self))
        advance()
        return decoder
    }
}
