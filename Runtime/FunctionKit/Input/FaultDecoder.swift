import JSONCoding

/// A decoder that writes faults down and goes on; see `FaultSearch`.
struct FaultDecoder: Decoder {
    /// Where values come from.
    enum Source {
        /// Path, query and body.
        case input
        /// A part of the body.
        case json(JSONValue)
        /// Nowhere: everything is a placeholder.
        case placeholder
    }

    let search: FaultSearch
    let source: Source
    let path: [JSONPath.Element]

    var codingPath: [any CodingKey] { path.map { FieldKey($0) } }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        var source = source
        switch source {
        case .input:
            if let body = search.body, body.objectValue == nil {
                try search.record("expected an object, found \(body.kindName)", at: [])
                throw FaultSearch.Stop()
            }
        case .json(let value) where value.objectValue == nil:
            try search.record("expected an object, found \(value.kindName)", at: path)
            source = .placeholder
        case .json, .placeholder: break
        }
        let fields: KeyedDecodingContainer<Key>?
        if case .input = source { fields = try search.input.container(keyedBy: type) } else { fields = nil }
        return KeyedDecodingContainer(FaultFields(search: search, source: source, path: path, fields: fields))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        switch source {
        case .placeholder: return FaultElements(search: search, path: path, elements: [])
        case .json(let value): return try elements(of: value)
        case .input:
            guard let body = search.body else { return try search.input.unkeyedContainer() }
            return try elements(of: body)
        }
    }

    private func elements(of value: JSONValue) throws -> any UnkeyedDecodingContainer {
        guard let elements = value.arrayValue else {
            try search.record("expected an array, found \(value.kindName)", at: path)
            return FaultElements(search: search, path: path, elements: [])
        }
        return FaultElements(search: search, path: path, elements: elements)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        switch source {
        case .placeholder: return FaultValue(search: search, value: nil, path: path)
        case .json(let value): return FaultValue(search: search, value: value, path: path)
        case .input:
            guard let body = search.body else { return try search.input.singleValueContainer() }
            return FaultValue(search: search, value: body, path: path)
        }
    }
}

extension FaultSearch {
    /// A value of the body, or a placeholder in its place.
    func value<Value: Decodable>(_ type: Value.Type, _ json: JSONValue, _ path: [JSONPath.Element]) throws
        -> Value
    {
        do {
            return try JSONDecoding.decode(type, from: json)
        } catch let error as JSONDecodingError {
            return try explore(type, json, path) { try record(error.message, at: path + error.path.elements) }
        }
    }

    /// Looks for the faults within a value that has some; `otherwise` writes down what is known without looking.
    func explore<Value: Decodable>(
        _ type: Value.Type, _ json: JSONValue?, _ path: [JSONPath.Element], otherwise: () throws -> Void
    ) throws -> Value {
        let before = details.count
        if let json, json.objectValue != nil || json.arrayValue != nil, path.count < 64 {
            do {
                let value = try Value(from: FaultDecoder(search: self, source: .json(json), path: path))
                if details.count > before { return value }
            } catch let stop as Stop {
                throw stop
            } catch {
                // What came of a placeholder, if anything was written down; else it is written down now.
            }
        }
        if details.count == before { try otherwise() }
        return try placeholder(type, path)
    }

    /// A value that stands for one that is faulty, so that the search can go on. Throws `Stop` when there is none.
    func placeholder<Value: Decodable>(_ type: Value.Type, _ path: [JSONPath.Element]) throws -> Value {
        guard path.count < 64 else { throw Stop() }
        let before = details.count
        // A placeholder's own faults are nobody's.
        defer { forget(after: before) }
        if let cases = type as? any CaseIterable.Type, let first = FaultSearch.first(cases) as? Value {
            return first
        }
        if let value = try? Value(from: FaultDecoder(search: self, source: .placeholder, path: path)) {
            return value
        }
        for text in ["0", #""00000000-0000-0000-0000-000000000000""#, #""a:b""#, #""1970-01-01T00:00:00Z""#] {
            if let value = try? JSONDecoding.decode(type, from: Array(text.utf8)) { return value }
        }
        throw Stop()
    }

    private static func first<Cases: CaseIterable>(_ type: Cases.Type) -> Any? { type.allCases.first }
}
