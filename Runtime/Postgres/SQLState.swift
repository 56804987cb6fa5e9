/// A five-character code of the SQL standard that says what kind of error it was (PostgreSQL manual, appendix A).
public struct SQLState: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The five characters.
    public let rawValue: String

    /// A code by its five characters.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A code by its five characters.
    public init(stringLiteral value: String) { rawValue = value }

    /// The five characters.
    public var description: String { rawValue }

    /// 23505: a row with this key exists already.
    public static let uniqueViolation: SQLState = "23505"
    /// 23503: a row that is referred to does not exist, or one that refers exists still.
    public static let foreignKeyViolation: SQLState = "23503"
    /// 23502: a column that must have a value got none.
    public static let notNullViolation: SQLState = "23502"
    /// 23514: a CHECK constraint does not hold.
    public static let checkViolation: SQLState = "23514"
    /// 22P02: a text is not of the type that it should become.
    public static let invalidTextRepresentation: SQLState = "22P02"
    /// 40001: the transaction must be repeated.
    public static let serializationFailure: SQLState = "40001"
    /// 40P01: the transaction was ended to resolve a deadlock and may be repeated.
    public static let deadlockDetected: SQLState = "40P01"
    /// 42601: the statement is not SQL.
    public static let syntaxError: SQLState = "42601"
    /// 42P01: there is no such table.
    public static let undefinedTable: SQLState = "42P01"
    /// 57014: the statement was cancelled, by a request or by `statement_timeout`.
    public static let queryCanceled: SQLState = "57014"
}
