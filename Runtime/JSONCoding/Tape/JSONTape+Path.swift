extension JSONTape {
    /// The path to a value. Nothing is kept for this while decoding: it is found by going down from the root, at
    /// each level by the hint where that names the right child, else by a walk over the children.
    func path(to index: Int) -> JSONPath {
        var path = JSONPath()
        var current = 0
        while current != index {
            guard entries[current].isContainer, index > current, index < entries[current].end else {
                return path
            }
            if entries[current].kind == .object {
                let key = key(leadingTo: index, in: current)
                path.elements.append(.key(string(at: key)))
                current = key + 1
            } else {
                let element = element(leadingTo: index, in: current)
                path.elements.append(.index(element.ordinal))
                current = element.index
            }
        }
        return path
    }

    func codingPath(to index: Int) -> [any CodingKey] { path(to: index).codingPath }

    private func key(leadingTo index: Int, in object: Int) -> Int {
        let hint = entries[object].hint
        if hint != 0, hint < index, index < next(after: hint + 1) { return hint }
        var key = object + 1
        while next(after: key + 1) <= index { key = next(after: key + 1) }
        return key
    }

    private func element(leadingTo index: Int, in array: Int) -> (index: Int, ordinal: Int) {
        let hint = entries[array].hint
        if hint != 0, hint <= index, index < next(after: hint), let ordinal = entries[array].hintOrdinal {
            return (hint, ordinal)
        }
        var element = array + 1
        var ordinal = 0
        while next(after: element) <= index {
            element = next(after: element)
            ordinal += 1
        }
        return (element, ordinal)
    }
}
