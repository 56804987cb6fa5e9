import JSONCoding

/// Which kinds of JSON values a schema allows. A whole number is a kind of its own, so that `integer` is one bit and
/// `number` are two.
struct KindSet: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    static let null = KindSet(rawValue: 1)
    static let boolean = KindSet(rawValue: 2)
    /// A number that is not whole.
    static let fraction = KindSet(rawValue: 4)
    /// A whole number, however it is written: `1.0` too.
    static let integer = KindSet(rawValue: 8)
    static let string = KindSet(rawValue: 16)
    static let array = KindSet(rawValue: 32)
    static let object = KindSet(rawValue: 64)
    static let number: KindSet = [.fraction, .integer]
    static let any = KindSet(rawValue: 127)

    /// The kinds of a name of `type`; nil for an unknown one.
    init?(type: String) {
        switch type {
        case "null": self = .null
        case "boolean": self = .boolean
        case "number": self = .number
        case "integer": self = .integer
        case "string": self = .string
        case "array": self = .array
        case "object": self = .object
        default: return nil
        }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The kind of a value.
    init(of value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool: self = .boolean
        case .number(let number): self = number.isWhole ? .integer : .fraction
        case .string: self = .string
        case .array: self = .array
        case .object: self = .object
        }
    }

    /// The kinds as words to follow "expected": `a string or null`.
    var words: String {
        var words: [String] = []
        if contains(.object) { words.append("an object") }
        if contains(.array) { words.append("an array") }
        if contains(.string) { words.append("a string") }
        if contains(.fraction) {
            words.append("a number")
        } else if contains(.integer) {
            words.append("a whole number")
        }
        if contains(.boolean) { words.append("true or false") }
        if contains(.null) { words.append("null") }
        guard let last = words.last else { return "nothing" }
        let others = words.dropLast().joined(separator: ", ")
        return others.isEmpty ? last : "\(others) or \(last)"
    }
}
