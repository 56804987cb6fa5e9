extension SQL {
    /// Collects a statement's text and parameters from a string literal.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        /// The literals between the interpolations are the program's own text.
        public typealias StringLiteralType = StaticString

        var sql = SQL()

        /// An empty statement with room for what comes.
        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity)
            sql.marks.reserveCapacity(interpolationCount)
            sql.bindings.reserveCapacity(interpolationCount)
            sql.values.reserveCapacity(interpolationCount * 16)
        }

        /// Adds text of the program itself.
        public mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { sql.text.append(contentsOf: $0) }
        }

        /// Binds a value as the next parameter.
        public mutating func appendInterpolation<Value: PostgresBindable>(_ value: Value) {
            sql.bind(value)
        }

        /// Binds a value as the next parameter, NULL for nil.
        public mutating func appendInterpolation<Value: PostgresBindable>(_ value: Value?) {
            sql.bind(value)
        }

        /// Binds a value as `jsonb`, written by its `Encodable` conformance; an error of it is thrown by the query.
        public mutating func appendInterpolation<Value: Encodable & Sendable>(json value: Value) {
            sql.bind(PostgresJSON(value))
        }

        /// Takes over the text and the parameters of another statement.
        public mutating func appendInterpolation(_ other: SQL) {
            sql.append(other)
        }

        /// Adds the name of a table, column or other thing, in double quotes (those inside are doubled).
        ///
        /// The name is one name: a dot in it is part of it. Letter case counts, as it does for quoted names. An
        /// empty name, or one with a zero character, makes the query throw.
        public mutating func appendInterpolation(identifier name: String) {
            if name.isEmpty || name.utf8.contains(0) {
                sql.refuse("A name is empty or has a zero character")
                return
            }
            sql.text.append(UInt8(ascii: "\""))
            for byte in name.utf8 {
                if byte == UInt8(ascii: "\"") { sql.text.append(byte) }
                sql.text.append(byte)
            }
            sql.text.append(UInt8(ascii: "\""))
        }

        /// Adds text as it is. Whoever passes anything that came from outside lets it run as SQL.
        public mutating func appendInterpolation(unsafe text: String) {
            if text.utf8.contains(0) { sql.refuse("The statement has a zero character") }
            sql.text.append(contentsOf: text.utf8)
        }
    }
}
