extension PostgresType {
    /// The types whose names are told in errors, and whose arrays are known: number, number of the array type, name.
    private static let table: [(oid: UInt32, array: UInt32, name: StaticString)] = [
        (16, 1000, "boolean"), (17, 1001, "bytea"), (18, 1002, "\"char\""), (19, 1003, "name"),
        (20, 1016, "bigint"), (21, 1005, "smallint"), (23, 1007, "integer"), (25, 1009, "text"),
        (26, 1028, "oid"), (114, 199, "json"), (650, 651, "cidr"), (700, 1021, "real"),
        (701, 1022, "double precision"), (790, 791, "money"), (829, 1040, "macaddr"), (869, 1041, "inet"),
        (1042, 1014, "character"), (1043, 1015, "character varying"), (1082, 1182, "date"),
        (1083, 1183, "time"), (1114, 1115, "timestamp"), (1184, 1185, "timestamp with time zone"),
        (1186, 1187, "interval"), (1266, 1270, "time with time zone"), (1560, 1561, "bit"),
        (1562, 1563, "bit varying"), (1700, 1231, "numeric"), (2950, 2951, "uuid"), (3614, 3643, "tsvector"),
        (3802, 3807, "jsonb"), (142, 143, "xml"), (600, 1017, "point"), (3904, 3905, "int4range"),
        (3926, 3927, "int8range"), (3910, 3911, "tstzrange"), (3912, 3913, "daterange"), (249, 2287, "record"),
    ]

    /// Types from this number on are made by the database's users: enumerations, composites, their arrays.
    static let firstOfUsers: UInt32 = 16384

    /// The array type with elements of this type, in the form in which the elements are sent; nil where it is not known
    /// or there is none.
    var array: PostgresType? {
        if isArray { return nil }
        guard oid != 0 else { return isBinary ? nil : .unknownArray }
        if let row = Self.table.first(where: { $0.oid == oid }) {
            return PostgresType(array: row.array, isBinary: isBinary)
        }
        return isBinary ? nil : .unknownArray
    }

    /// The elements' type of an array type; 0 for arrays of types that users made (if the number is such an array), nil
    /// for what is no array.
    static func element(ofArray oid: UInt32) -> UInt32? {
        if let row = table.first(where: { $0.array == oid }) { return row.oid }
        return oid >= firstOfUsers ? 0 : nil
    }

    /// The type's name as PostgreSQL shows it, for errors.
    static func name(_ oid: UInt32) -> String {
        if let row = table.first(where: { $0.oid == oid }) { return "\(row.name)" }
        if let row = table.first(where: { $0.array == oid }) { return "\(row.name)[]" }
        return oid == 0 ? "unknown" : "number \(oid) in pg_type"
    }
}
