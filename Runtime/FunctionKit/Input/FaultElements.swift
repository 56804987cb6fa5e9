import JSONCoding

/// An array's elements, of which some may be faulty.
struct FaultElements: UnkeyedDecodingContainer {
    let search: FaultSearch
    let path: [JSONPath.Element]
    let elements: [JSONValue]
    private(set) var currentIndex = 0

    init(search: FaultSearch, path: [JSONPath.Element], elements: [JSONValue]) {
        self.search = search
        self.path = path
        self.elements = elements
    }

    var codingPath: [any CodingKey] { path.map { FieldKey($0) } }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    private mutating func next() throws -> (value: JSONValue, path: [JSONPath.Element]) {
        guard !isAtEnd else {
            try search.record("has too few elements", at: path)
            throw FaultSearch.Stop()
        }
        defer { currentIndex += 1 }
        return (elements[currentIndex], path + [.index(currentIndex)])
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (value, path) = try next()
        return try search.value(type, value, path)
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<
        Key
    > {
        try superDecoder().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try superDecoder().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
        let (value, path) = try next()
        return FaultDecoder(search: search, source: .json(value), path: path)
    }
}

/// One value, which may be faulty; nil is a placeholder.
struct FaultValue: SingleValueDecodingContainer {
    let search: FaultSearch
    let value: JSONValue?
    let path: [JSONPath.Element]

    var codingPath: [any CodingKey] { path.map { FieldKey($0) } }

    func decodeNil() -> Bool { value?.isNull ?? false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard let value else {
            // Safe: each cast is to the type that was just found to be the same.
            if type == String.self { return unsafeBitCast("", to: type) }
            if type == Bool.self { return unsafeBitCast(false, to: type) }
            if let number = type as? any Numeric.Type, let zero = FaultValue.zero(number) as? Value {
                return zero
            }
            return try search.placeholder(type, path + [.index(0)])
        }
        return try search.value(type, value, path)
    }

    private static func zero<Number: Numeric>(_ type: Number.Type) -> Any { type.zero }
}
