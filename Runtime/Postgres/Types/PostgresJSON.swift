import JSONCoding

/// A value that is a JSON document in the database.
///
/// It is bound as `jsonb`, in the JSON form of its `Encodable` conformance; `\(json: value)` is the shorter spelling.
/// A row type's properties need no wrapper: a `json` or `jsonb` column decodes into whatever type the property has. As a
/// row type itself, for a query with one column, it tells the document from a row with a column for each property.
public struct PostgresJSON<Value: Sendable>: Sendable {
    /// The value.
    public var value: Value

    /// A value that is a JSON document in the database.
    public init(_ value: Value) { self.value = value }
}

extension PostgresJSON: Equatable where Value: Equatable {}

extension PostgresJSON: Decodable where Value: Decodable {
    /// Reads the document.
    public init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Value.self)
    }
}

extension PostgresJSON: PostgresBindable where Value: Encodable {
    /// `jsonb`.
    public static var postgresType: PostgresType { .jsonb }

    /// Writes JSON text; an error of the value's own makes the query throw.
    public func write(to parameter: inout PostgresParameter) {
        do {
            parameter.append(contentsOf: try JSONEncoding.encode(value))
        } catch {
            parameter.refuse("The value has no JSON form")
        }
    }
}
