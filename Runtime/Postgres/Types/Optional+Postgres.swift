extension Optional: PostgresBindable where Wrapped: PostgresBindable {
    /// The wrapped value's type.
    public static var postgresType: PostgresType { Wrapped.postgresType }

    /// Writes the value, or NULL.
    public func write(to parameter: inout PostgresParameter) {
        if let self { self.write(to: &parameter) } else { parameter.setNull() }
    }
}
