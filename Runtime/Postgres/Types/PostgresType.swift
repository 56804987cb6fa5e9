/// A type of the server, and the form in which values of it are sent.
public struct PostgresType: Sendable, Hashable {
    /// The type's number in `pg_type`; 0 leaves it to the server.
    public var oid: UInt32
    /// Whether values are sent in the type's binary form; else as text.
    public var isBinary: Bool
    /// Whether values are arrays, which cannot be elements of another.
    var isArray = false

    /// A type by its number in `pg_type`.
    public init(oid: UInt32, isBinary: Bool) {
        self.oid = oid
        self.isBinary = isBinary
    }

    /// Text whose type the server finds out from where it stands.
    public static let unknown = PostgresType(oid: 0, isBinary: false)
    /// `boolean`.
    public static let bool = PostgresType(oid: 16, isBinary: true)
    /// `bytea`.
    public static let bytea = PostgresType(oid: 17, isBinary: true)
    /// `bigint`.
    public static let int8 = PostgresType(oid: 20, isBinary: true)
    /// `smallint`.
    public static let int2 = PostgresType(oid: 21, isBinary: true)
    /// `integer`.
    public static let int4 = PostgresType(oid: 23, isBinary: true)
    /// `text`.
    public static let text = PostgresType(oid: 25, isBinary: false)
    /// `real`.
    public static let float4 = PostgresType(oid: 700, isBinary: true)
    /// `double precision`.
    public static let float8 = PostgresType(oid: 701, isBinary: true)
    /// `date`.
    public static let date = PostgresType(oid: 1082, isBinary: false)
    /// `timestamp with time zone`.
    public static let timestamptz = PostgresType(oid: 1184, isBinary: true)
    /// `numeric`.
    public static let numeric = PostgresType(oid: 1700, isBinary: false)
    /// `uuid`.
    public static let uuid = PostgresType(oid: 2950, isBinary: true)
    /// `jsonb`.
    public static let jsonb = PostgresType(oid: 3802, isBinary: false)

    /// An array whose type the server finds out from where it stands.
    static let unknownArray = PostgresType(array: 0, isBinary: false)
    static let jsonOID: UInt32 = 114

    init(array oid: UInt32, isBinary: Bool) {
        self.oid = oid
        self.isBinary = isBinary
        isArray = true
    }
}
