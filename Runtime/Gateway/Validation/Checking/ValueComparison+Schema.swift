import JSONCoding

extension ValueComparison {
    /// Whether a value of the document is one of the schema's.
    func isEqual(_ entry: Int, _ value: JSONValue) -> Bool {
        switch (document.kind(of: entry), value) {
        case (.null, .null), (.true, .bool(true)), (.false, .bool(false)): return true
        case (.number, .number(let number)):
            return document.number(of: entry) == number
        case (.string, .string(let text)): return isText(entry, text)
        case (.array, .array(let elements)):
            guard document.count(of: entry) == elements.count else { return false }
            var current = entry + 1
            for element in elements {
                guard isEqual(current, element) else { return false }
                current = document.next(after: current)
            }
            return true
        case (.object, .object(let object)):
            guard document.count(of: entry) == object.count else { return false }
            return object.members.allSatisfy { member in
                var key = member.key
                guard let value = key.withUTF8({ document.value(of: $0, in: entry) }) else { return false }
                return isEqual(value, member.value)
            }
        default: return false
        }
    }

    private func isText(_ entry: Int, _ text: String) -> Bool {
        var text = text
        return text.withUTF8 { $0.elementsEqual(document.text(of: entry)) }
    }
}
