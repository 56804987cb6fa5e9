/// The header fields of a message in their order; names are compared without regard to letter case (RFC 9110,
/// section 5.1).
public struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
    /// The fields.
    public private(set) var fields: [Field] = []

    /// One field.
    public struct Field: Sendable, Equatable {
        /// The name as it was given.
        public var name: String
        /// The value without the spaces around it.
        public var value: String

        /// A field; see the properties.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// No fields.
    public init() {}

    /// The fields of a literal, `["Accept": "application/json"]`, in its order.
    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field($0.0, $0.1) }
    }

    /// Adds a field behind the others.
    public mutating func append(_ name: String, _ value: String) { fields.append(Field(name, value)) }

    /// The value of the first field of this name.
    public subscript(name: String) -> String? {
        fields.first { Self.isSame($0.name, name) }?.value
    }

    /// The values of all fields of this name.
    public func values(of name: String) -> [String] {
        fields.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// The fields, one after the other.
    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

    private static func isSame(_ first: String, _ second: String) -> Bool {
        first.utf8.count == second.utf8.count
            && zip(first.utf8, second.utf8).allSatisfy { lowered($0) == lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
