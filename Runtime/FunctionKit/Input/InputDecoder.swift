/// A decoder over an invocation: fields come from the path's parameters, else the query, else the body.
final class InputDecoder: Decoder {
    let invocation: Invocation
    let body: InputBody

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        body = try InputBody(invocation)
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        var fields: KeyedDecodingContainer<Key>?
        if case .json(let decoder) = body { fields = try decoder.container(keyedBy: type) }
        return KeyedDecodingContainer(InputContainer(input: self, body: fields))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try wholeBody([String].self).unkeyedContainer()
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        try wholeBody(String.self).singleValueContainer()
    }

    /// The body's decoder, for an input that is the body and nothing else.
    private func wholeBody(_ type: Any.Type) throws -> any Decoder {
        switch body {
        case .json(let decoder): return decoder
        case .notJSON: throw InputBody.wrongType
        case .none:
            throw DecodingError.valueNotFound(type, .init(codingPath: [], debugDescription: "is required"))
        }
    }

    /// Where a field's value stands.
    enum Place: String {
        case path, query, body
    }

    /// Where a field stands; for one that is nowhere, where it was most likely meant to be.
    func place(of field: String) -> Place {
        if invocation.parameters.contains(where: { $0.name == field }) { return .path }
        if invocation.query.contains(where: { $0.name == field }) { return .query }
        if case .none = body, invocation.method.isSafe || invocation.method == .delete { return .query }
        return .body
    }

    /// The values that the path, else the query, has for a field; nil when neither has it.
    func texts(_ field: String) -> FieldText? {
        for parameter in invocation.parameters where parameter.name == field { return .one(parameter.value) }
        var found: FieldText?
        for parameter in invocation.query where parameter.name == field {
            switch found {
            case nil: found = .one(parameter.value)
            case .one(let first): found = .several([first, parameter.value])
            case .several(let others): found = .several(others + [parameter.value])
            }
        }
        return found
    }
}

/// What the path or the query has for a field.
enum FieldText {
    /// One value.
    case one(String)
    /// A parameter of the query that was repeated.
    case several([String])
}
