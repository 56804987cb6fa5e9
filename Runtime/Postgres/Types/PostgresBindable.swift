/// A value that can be interpolated into `SQL`.
///
/// Conforming are `Bool`, the integers, `Float`, `Double`, `String`, `Substring`, `[UInt8]` (bytea), `Date`
/// (timestamptz), `CalendarDate` (date), `UUID`, `Decimal` (numeric), `PostgresJSON` (jsonb), enumerations with such a
/// raw value that declare the conformance, optionals of all these (NULL for nil), and arrays (`id = ANY(\(ids))`).
public protocol PostgresBindable: Sendable {
    /// The type as which values are sent.
    static var postgresType: PostgresType { get }

    /// Writes the value in the form that `postgresType` says.
    func write(to parameter: inout PostgresParameter)
}

extension PostgresBindable where Self: RawRepresentable, RawValue: PostgresBindable {
    /// The raw value's type.
    public static var postgresType: PostgresType { RawValue.postgresType }

    /// Writes the raw value.
    public func write(to parameter: inout PostgresParameter) { rawValue.write(to: &parameter) }
}
