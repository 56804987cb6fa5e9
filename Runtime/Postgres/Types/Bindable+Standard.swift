extension Bool: PostgresBindable {
    /// `boolean`.
    public static var postgresType: PostgresType { .bool }
    /// Writes one byte, 1 or 0.
    public func write(to parameter: inout PostgresParameter) {
        parameter.append(bigEndian: self ? 1 : 0 as UInt8)
    }
}

extension Int: PostgresBindable {
    /// `bigint`.
    public static var postgresType: PostgresType { .int8 }
    /// Writes eight bytes.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: Int64(self)) }
}

extension Int64: PostgresBindable {
    /// `bigint`.
    public static var postgresType: PostgresType { .int8 }
    /// Writes eight bytes.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: self) }
}

extension Int32: PostgresBindable {
    /// `integer`.
    public static var postgresType: PostgresType { .int4 }
    /// Writes four bytes.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: self) }
}

extension Int16: PostgresBindable {
    /// `smallint`.
    public static var postgresType: PostgresType { .int2 }
    /// Writes two bytes.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: self) }
}

extension Int8: PostgresBindable {
    /// `smallint`, the smallest integer there is.
    public static var postgresType: PostgresType { .int2 }
    /// Writes two bytes.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: Int16(self)) }
}

extension UInt8: PostgresBindable {
    /// `smallint`.
    public static var postgresType: PostgresType { .int2 }
    /// Writes two bytes.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: Int16(self)) }
}

extension UInt16: PostgresBindable {
    /// `integer`, for `smallint` has no room for all values.
    public static var postgresType: PostgresType { .int4 }
    /// Writes four bytes.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: Int32(self)) }
}

extension UInt32: PostgresBindable {
    /// `bigint`, for `integer` has no room for all values.
    public static var postgresType: PostgresType { .int8 }
    /// Writes eight bytes.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: Int64(self)) }
}

extension UInt64: PostgresBindable {
    /// `numeric`, for `bigint` has no room for all values.
    public static var postgresType: PostgresType { .numeric }
    /// Writes decimal digits.
    public func write(to parameter: inout PostgresParameter) {
        DecimalText.append(self, to: &parameter.bytes)
    }
}

extension UInt: PostgresBindable {
    /// `numeric`, for `bigint` has no room for all values.
    public static var postgresType: PostgresType { .numeric }
    /// Writes decimal digits.
    public func write(to parameter: inout PostgresParameter) {
        DecimalText.append(self, to: &parameter.bytes)
    }
}

extension Float: PostgresBindable {
    /// `real`.
    public static var postgresType: PostgresType { .float4 }
    /// Writes the four bytes of IEEE 754; infinities and NaN are values like others.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: bitPattern) }
}

extension Double: PostgresBindable {
    /// `double precision`.
    public static var postgresType: PostgresType { .float8 }
    /// Writes the eight bytes of IEEE 754; infinities and NaN are values like others.
    public func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: bitPattern) }
}

extension String: PostgresBindable {
    /// Text whose type the server finds out from where it stands, as it does for a quoted literal.
    public static var postgresType: PostgresType { .unknown }
    /// Writes UTF-8; a zero character makes the query throw with SQLSTATE 22021.
    public func write(to parameter: inout PostgresParameter) { parameter.append(text: self) }
}

extension Substring: PostgresBindable {
    /// Text whose type the server finds out from where it stands, as it does for a quoted literal.
    public static var postgresType: PostgresType { .unknown }
    /// Writes UTF-8; a zero character makes the query throw with SQLSTATE 22021.
    public func write(to parameter: inout PostgresParameter) { parameter.append(text: String(self)) }
}
