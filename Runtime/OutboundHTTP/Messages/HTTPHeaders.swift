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

    /// Puts a field in place of all fields of this name.
    public mutating func replace(_ name: String, with value: String) {
        remove(name)
        append(name, value)
    }

    /// Removes all fields of this name.
    public mutating func remove(_ name: String) { fields.removeAll { Self.isSame($0.name, name) } }

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

    /// Adds to the last field what stood on a folded line (RFC 9112, section 5.2); false when there is no field.
    mutating func unfold(_ more: String) -> Bool {
        guard let last = fields.indices.last else { return false }
        if !more.isEmpty { fields[last].value += fields[last].value.isEmpty ? more : " " + more }
        return true
    }

    /// The fields for which the condition holds.
    func filtered(_ isKept: (Field) -> Bool) -> HTTPHeaders {
        var kept = HTTPHeaders()
        kept.fields = fields.filter(isKept)
        return kept
    }

    static func isSame(_ first: String, _ second: String) -> Bool {
        first.utf8.count == second.utf8.count
            && zip(first.utf8, second.utf8).allSatisfy { lowered($0) == lowered($1) }
    }

    /// Whether the text is a token (RFC 9110, section 5.6.2), as methods and names of fields are.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    /// Whether the text has no character that could end the line (RFC 9110, section 5.5).
    static func isValue(_ text: String) -> Bool { text.utf8.allSatisfy(isValueByte) }

    static func isValueByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        // ! # $ % & ' * + - . ^ _ ` | ~
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
