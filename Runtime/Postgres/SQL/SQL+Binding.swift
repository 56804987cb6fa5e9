extension SQL {
    /// Adds a parameter's mark at the end of the text, and its value.
    mutating func bind<Value: PostgresBindable>(_ value: Value) {
        let type = Value.postgresType
        let offset = values.count
        var parameter = PostgresParameter(bytes: values)
        values = []
        value.write(to: &parameter)
        values = parameter.bytes
        if let reason = parameter.reason { refuse(reason.message, reason.state) }
        marks.append(text.count)
        bindings.append(
            Binding(
                type: type.oid, isBinary: type.isBinary, offset: offset,
                count: parameter.isNull ? -1 : values.count - offset))
        // The end of text for libpq, and for empty bytes an address that is not null.
        values.append(0)
    }

    /// Makes the query throw; the first reason counts.
    mutating func refuse(_ message: String, _ state: SQLState? = nil) {
        if fault == nil { fault = PostgresError(.statement, message, sqlState: state) }
    }
}
