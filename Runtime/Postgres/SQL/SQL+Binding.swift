extension SQL {
    /// Adds a parameter's mark at the end of the text, and its value.
    mutating func bind(_ value: some PostgresBindable) {
        let type = type(of: value).postgresType
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

    /// Adds a parameter's mark at the end of the text, and NULL as its value.
    mutating func bindNull(_ type: PostgresType) {
        marks.append(text.count)
        bindings.append(Binding(type: type.oid, isBinary: type.isBinary, offset: values.count, count: -1))
    }

    /// Makes the query throw; the first reason counts.
    mutating func refuse(_ message: String, _ state: SQLState? = nil) {
        if fault == nil { fault = PostgresError(.statement, message, sqlState: state) }
    }
}
