/// A statement with its parameters, made from a string literal.
///
/// Every interpolated value becomes a parameter (`$1`, `$2`, …) and never part of the text, so no value can change
/// the statement: `"SELECT id, name FROM users WHERE id = \(id)"`. A nil binds NULL. Statements nest:
/// `"SELECT * FROM users \(filter)"` with another `SQL` takes over its text and parameters. Names of tables and
/// columns that are not known beforehand go through `\(identifier: name)`, which quotes them; `\(unsafe: text)`
/// is the only way to put a string into the text as it is.
///
/// Text is bound without a type, as a quoted literal stands in SQL, so that it fits `text`, enumerations, `uuid`,
/// `date` and the like; where the server cannot tell (`\(role) IS NULL`), a cast says it (`\(role)::text IS NULL`).
/// All other values carry their type. One statement has at most 65,535 parameters.
///
/// Statements that the server plans (SELECT, INSERT and the like, up to 16 KiB) are prepared on each connection when they
/// are first run there; see `PostgresConfiguration.preparedStatements` and `unprepared(_:)`.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// One parameter; its bytes lie in `values`.
    struct Binding: Sendable, Equatable {
        /// The type's OID, 0 where the server finds it out.
        var type: UInt32
        /// Whether the bytes are the type's binary form.
        var isBinary: Bool
        /// Where the bytes begin.
        var offset: Int
        /// How many there are; -1 for NULL.
        var count: Int
    }

    /// The statement's text without the parameters' marks.
    var text: [UInt8] = []
    /// Where in `text` each parameter's mark stands, in ascending order.
    var marks: [Int] = []
    /// The parameters, one for each mark.
    var bindings: [Binding] = []
    /// The parameters' bytes, each value followed by a zero byte.
    var values: [UInt8] = []
    /// Why the statement cannot be sent; nil when it can.
    var fault: PostgresError?
    /// Whether the statement is never to be prepared.
    var isOneOff = false

    /// A statement without parameters.
    public init(stringLiteral value: StaticString) {
        value.withUTF8Buffer { text.append(contentsOf: $0) }
    }

    /// A statement with the parameters of its interpolations.
    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    /// An empty statement, to be put together with `append`.
    public init() {}

    /// The same statement, which is sent whole each time instead of being prepared at the server: for text that is put
    /// together anew for each query and would only drive useful statements out of a connection's cache.
    ///
    /// `database.query(.unprepared("SELECT … \(filter)"))`
    public static func unprepared(_ sql: SQL) -> SQL {
        var sql = sql
        sql.isOneOff = true
        return sql
    }

    /// Adds the text and the parameters of another statement at the end; of two statements one of which is not to be
    /// prepared, neither is the sum.
    public mutating func append(_ other: SQL) {
        let shift = text.count
        let base = values.count
        text.append(contentsOf: other.text)
        values.append(contentsOf: other.values)
        for mark in other.marks { marks.append(mark + shift) }
        for var binding in other.bindings {
            binding.offset += base
            bindings.append(binding)
        }
        if fault == nil { fault = other.fault }
        if other.isOneOff { isOneOff = true }
    }

    /// The statement as the server gets it, with `$1`, `$2` and so on, and without the values.
    public var statement: String {
        String(decoding: rendered().dropLast(), as: UTF8.self)
    }

    /// How many parameters the statement has.
    public var parameterCount: Int { bindings.count }

    /// The statement's bytes as the server gets them, and a zero byte; with room for `spare` bytes more.
    func rendered(spare: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + marks.count * 4 + 1 + spare)
        var start = 0
        for (index, mark) in marks.enumerated() {
            bytes.append(contentsOf: text[start..<mark])
            bytes.append(UInt8(ascii: "$"))
            DecimalText.append(index + 1, to: &bytes)
            start = mark
        }
        bytes.append(contentsOf: text[start...])
        bytes.append(0)
        return bytes
    }
}
