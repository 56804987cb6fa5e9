import JSONCoding

/// The values of an `enum`, or the one of a `const`.
struct ValueList: Sendable {
    let values: [JSONValue]
    /// The values where all are strings: found by hash, however many there are.
    let strings: NameTable?
    /// What a client is told that gives another value.
    let sentence: String

    init(_ values: [JSONValue]) {
        self.values = values
        let texts = values.compactMap(\.stringValue)
        strings = texts.count == values.count && !texts.isEmpty ? NameTable(texts) : nil
        sentence = ValueList.sentence(values)
    }

    private static func sentence(_ values: [JSONValue]) -> String {
        let texts = values.compactMap { value -> String? in
            switch value {
            case .array, .object: nil
            default: value.description
            }
        }
        let list = texts.joined(separator: ", ")
        guard texts.count == values.count, !texts.isEmpty, list.utf8.count <= 200 else {
            return values.count == 1 ? "is not the allowed value" : "is not one of the allowed values"
        }
        return values.count == 1 ? "must be \(list)" : "must be one of \(list)"
    }
}
