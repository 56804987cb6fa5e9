/// A coding key for a step of a path: what `codingPath` consists of, and the key type for objects of any content.
struct PathKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }

    init(_ element: JSONPath.Element) {
        switch element {
        case .key(let key): self.init(stringValue: key)
        case .index(let index): self.init(intValue: index)
        }
    }
}

extension JSONPath {
    /// The path that a coding path of ours, of the standard library's or of another coder says.
    init(codingPath: [any CodingKey]) {
        self.init(
            codingPath.map { key in
                // Dictionaries' keys have an `intValue` too when they look like numbers, so only our own keys and
                // the "Index 3" of other coders are positions.
                if let index = key.intValue, key is PathKey || key.stringValue == "Index \(index)" {
                    return .index(index)
                }
                return .key(key.stringValue)
            })
    }

    var codingPath: [any CodingKey] { elements.map { PathKey($0) } }
}
