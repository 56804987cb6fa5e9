/// The elements of a column's array, one after the other.
struct ArrayContainer: UnkeyedDecodingContainer {
    /// The elements' bytes, at an address that stays.
    private final class Storage {
        let bytes: UnsafeMutableBufferPointer<UInt8>
        let places: [(start: Int, count: Int)]

        init(_ elements: ArrayText.Elements) {
            bytes = .allocate(capacity: elements.bytes.count)
            _ = bytes.initialize(from: elements.bytes)
            places = elements.places
        }

        deinit { bytes.deallocate() }
    }

    private let cell: Cell
    private let type: UInt32
    private let storage: Storage
    private(set) var currentIndex = 0

    init(cell: Cell, type: UInt32, elements: ArrayText.Elements) {
        self.cell = cell
        self.type = type
        storage = Storage(elements)
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { storage.places.count }
    var isAtEnd: Bool { currentIndex == storage.places.count }

    /// The element that is next; its bytes live as long as this.
    private func element() throws -> Cell {
        guard currentIndex < storage.places.count else {
            throw PostgresError(
                .decoding,
                "Column \(cell.reader.name(cell.column)) has an array with only \(currentIndex) elements")
        }
        let place = storage.places[currentIndex]
        return Cell(
            bytes: UnsafeBufferPointer(rebasing: storage.bytes[place.start..<(place.start + max(0, place.count))]),
            isNull: place.count < 0, type: type, column: cell.column, reader: cell.reader, isElement: true)
    }

    private mutating func take<Value>(_ read: (Cell) throws -> Value) throws -> Value {
        let value = try withExtendedLifetime(storage) { try read(element()) }
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard try element().isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try take { try $0.bool() } }
    mutating func decode(_ type: String.Type) throws -> String { try take { try $0.string() } }
    mutating func decode(_ type: Double.Type) throws -> Double { try take { try $0.double() } }
    mutating func decode(_ type: Float.Type) throws -> Float { try take { try $0.float() } }
    mutating func decode(_ type: Int.Type) throws -> Int { try take { try $0.integer(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try take { try $0.integer(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try take { try $0.integer(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try take { try $0.integer(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try take { try $0.integer(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try take { try $0.integer(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try take { try $0.integer(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try take { try $0.integer(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try take { try $0.integer(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try take { try $0.integer(type) } }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try take { try $0.decode(type) }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        throw try element().mismatch("type with properties")
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw try element().mismatch("array")
    }

    /// Arrays have no superclass's part, and such a decoder could outlive the elements.
    mutating func superDecoder() throws -> any Decoder { throw try element().mismatch("class") }
}
