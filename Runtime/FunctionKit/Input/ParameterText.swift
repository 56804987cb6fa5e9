import JSONCoding

/// Values out of the text of the path and the query. A fault is a `DecodingError` whose description is a sentence for
/// the client.
enum ParameterText {
    static func fault(_ sentence: String, _ path: [any CodingKey]) -> DecodingError {
        .dataCorrupted(.init(codingPath: path, debugDescription: sentence))
    }

    static func string(_ text: FieldText, _ key: any CodingKey) throws -> String {
        guard case .one(let text) = text else { throw fault("is given more than once", [key]) }
        return text
    }

    static func integer<Number: FixedWidthInteger>(
        _ type: Number.Type, _ text: FieldText, _ key: any CodingKey
    ) throws -> Number {
        let text = try string(text, key)
        if let value = Number(text) {
            if isPlain(text) { return value }
            throw fault("must be written plainly, such as 1 or -1: without a plus sign, without zeros in front", [key])
        }
        guard let number = JSONNumber(text: text), number.isWhole else {
            throw fault("expected a whole number", [key])
        }
        let isPlain = text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
        guard isPlain else { throw fault("must be a whole number, written without a fraction and an exponent", [key]) }
        throw fault("is out of range: expected \(Number.min) to \(Number.max)", [key])
    }

    /// Whether a text of digits with or without a sign is the one way to write its number, so that no two addresses are
    /// the same to a handler and different to a cache.
    private static func isPlain(_ text: String) -> Bool {
        var digits = text.utf8[...]
        if digits.first == UInt8(ascii: "+") { return false }
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        return digits.first != UInt8(ascii: "0") || (digits.count == 1 && !isNegative)
    }

    static func double(_ text: FieldText, _ key: any CodingKey) throws -> Double {
        let text = try string(text, key)
        guard let number = JSONNumber(text: text) else { throw fault("expected a number", [key]) }
        guard let value = number.double else { throw fault("is out of range for a number", [key]) }
        return value
    }

    static func bool(_ text: FieldText, _ key: any CodingKey) throws -> Bool {
        switch try string(text, key) {
        case "true", "1": return true
        case "false", "0": return false
        default: throw fault("expected true or false", [key])
        }
    }

    /// Anything else, by way of JSON: the text as a string, as a number or boolean where it is one, as an array of one;
    /// several texts as an array. So enums, dates and types of the handler's own read a parameter as they read JSON.
    static func value<Value: Decodable>(
        _ type: Value.Type, _ text: FieldText, _ key: any CodingKey
    ) throws -> Value {
        let texts: [String]
        switch text {
        case .one(let one):
            do {
                return try scalar(type, one)
            } catch let error as JSONDecodingError {
                guard error.kind == .wrongType, error.path.isRoot,
                    error.message.hasPrefix("expected an array")
                else {
                    throw fault(sentence(error), [key])
                }
            }
            texts = [one]
        case .several(let several): texts = several
        }
        do {
            return try list(type, texts)
        } catch let error as JSONDecodingError {
            if error.path.isRoot, texts.count > 1 { throw fault("is given more than once", [key]) }
            throw fault(sentence(error), [key] + error.path.elements.map { FieldKey($0) })
        }
    }

    private static func scalar<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        do {
            return try JSONDecoding.decode(type, from: quoted(text))
        } catch let error as JSONDecodingError {
            guard error.kind == .wrongType, let bare = bare(text) else { throw error }
            return try JSONDecoding.decode(type, from: bare)
        }
    }

    private static func list<Value: Decodable>(_ type: Value.Type, _ texts: [String]) throws -> Value {
        do {
            return try JSONDecoding.decode(type, from: array(texts.map { quoted($0) }))
        } catch let error as JSONDecodingError {
            guard error.kind == .wrongType, !error.path.isRoot else { throw error }
            return try JSONDecoding.decode(type, from: array(texts.map { bare($0) ?? quoted($0) }))
        }
    }

    private static func quoted(_ text: String) -> [UInt8] { JSONValue.string(text).serialize() }

    /// The text as a JSON number or boolean; nil when it is neither.
    private static func bare(_ text: String) -> [UInt8]? {
        guard text == "true" || text == "false" || JSONNumber(text: text) != nil else { return nil }
        return Array(text.utf8)
    }

    private static func array(_ elements: [[UInt8]]) -> [UInt8] {
        [0x5B] + elements.joined(separator: [0x2C]) + [0x5D]
    }

    /// What is wrong, without what was found: in the address everything is text.
    private static func sentence(_ error: JSONDecodingError) -> String {
        guard error.kind == .wrongType else { return error.message }
        return error.message.components(before: ", found ")
    }
}

extension String {
    /// The text before the first `separator`; all of it where there is none.
    fileprivate func components(before separator: String) -> String {
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(separator) { return String(self[..<rest.startIndex]) }
            rest.removeFirst()
        }
        return self
    }
}

/// A step of the way to a field.
struct FieldKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "Index \(intValue)"
        self.intValue = intValue
    }

    init(_ element: JSONPath.Element) {
        switch element {
        case .key(let key): self.init(stringValue: key)
        case .index(let index): self.init(intValue: index)
        }
    }
}
