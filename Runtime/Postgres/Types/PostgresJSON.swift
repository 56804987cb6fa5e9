import JSONCoding

/// A value that is bound as `jsonb`, in the JSON form of its `Encodable` conformance.
///
/// `\(json: value)` is the shorter spelling. Rows need no wrapper: a `json` or `jsonb` column decodes into whatever
/// type the property has.
public struct PostgresJSON<Value: Encodable & Sendable>: Sendable {
    /// The value.
    public var value: Value

    /// A value to be bound as `jsonb`.
    public init(_ value: Value) { self.value = value }
}

extension PostgresJSON: PostgresBindable {
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
