extension JSONTape {
    /// The value at an entry as a value of its own. It recurses as deep as the document is nested, which the
    /// limits bound.
    func value(at index: Int) -> JSONValue {
        let entry = entries[index]
        switch entry.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .number: return .number(jsonNumber(at: index))
        case .string: return .string(string(at: index))
        case .array:
            var elements: [JSONValue] = []
            elements.reserveCapacity(entry.count)
            var element = index + 1
            while element < entry.end {
                elements.append(value(at: element))
                element = next(after: element)
            }
            return .array(elements)
        case .object:
            var members: [JSONObject.Member] = []
            members.reserveCapacity(entry.count)
            var hashes: [UInt32] = []
            hashes.reserveCapacity(entry.count)
            forEachKey(of: index) { key in
                members.append(.init(key: string(at: key), value: value(at: key + 1)))
                hashes.append(entries[key].hash)
            }
            return .object(JSONObject(distinct: members, hashes: hashes))
        }
    }

    /// The number at an entry, which must be one.
    func jsonNumber(at index: Int) -> JSONNumber {
        let text = text(at: index)
        if entries[index].flags.contains(.whole), let value = NumberText.integer(text, as: Int64.self),
            value != 0 || text.count == 1
        {
            return JSONNumber(.integer(value))
        }
        return JSONNumber(.text(String(decoding: text, as: UTF8.self)))
    }
}
