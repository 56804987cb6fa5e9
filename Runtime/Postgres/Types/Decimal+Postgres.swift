import FoundationEssentials

extension Decimal: PostgresBindable {
    /// `numeric`.
    public static var postgresType: PostgresType { .numeric }

    /// Writes decimal digits, all of them.
    public func write(to parameter: inout PostgresParameter) { parameter.append(text: description) }
}
