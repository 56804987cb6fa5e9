/// A YAML value without YAML: what is written and where. Aliases are already replaced by what they name.
struct Tree: Sendable {
    indirect enum Content: Sendable {
        /// A scalar's text; `isPlain` when no quotes or block said that it is text.
        case scalar(String, isPlain: Bool)
        case list([Tree])
        case map([Pair])
    }

    struct Pair: Sendable {
        let key: String
        let keyPosition: Position
        let value: Tree
    }

    let content: Content
    let position: Position

    var kind: Shape.Kind {
        switch content {
        case .scalar: .scalar
        case .list: .list
        case .map: .map
        }
    }

    /// Nothing, `~` or `null`.
    var isNull: Bool {
        guard case .scalar(let text, true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The path in `{file: PATH}`.
    var fileReference: Tree? {
        guard case .map(let pairs) = content, pairs.count == 1, pairs[0].key == "file" else { return nil }
        return pairs[0].value
    }
}
