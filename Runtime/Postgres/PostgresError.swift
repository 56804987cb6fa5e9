/// Why a query gave no rows.
///
/// A handler tells those apart that it can answer (`error.sqlState == .uniqueViolation`) and lets the others pass;
/// the runtime answers them with 500 and logs them, those of a server that cannot be reached and of a pool that is used up
/// with 503 and `Retry-After`. `description` has no values of parameters, but the server's own
/// `detail` may have (`Key (email)=(…) already exists.`), so it is for the log only.
public struct PostgresError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where the failure arose.
    public enum Kind: Sendable, Hashable {
        /// The server refused the statement; `sqlState` says why.
        case server
        /// The connection could not be made, or broke. Whether the statement ran is not known.
        case connection
        /// No connection became free within the pool's connection timeout.
        case poolTimeout
        /// The pool was closed.
        case closed
        /// A row does not fit the type that it should become.
        case decoding
        /// A statement that cannot be sent, or must not be sent this way (COPY, BEGIN); nothing was changed.
        case statement
        /// The pool's settings are unusable.
        case configuration
    }

    /// Where the failure arose.
    public var kind: Kind
    /// The server's code; nil where the server said nothing.
    public var sqlState: SQLState?
    /// What went wrong, the server's primary message where there is one.
    public var message: String
    /// The server's further details; may hold values of the row.
    public var detail: String?
    /// What the server suggests.
    public var hint: String?
    /// The table that the error is about.
    public var table: String?
    /// The column that the error is about.
    public var column: String?
    /// The constraint that does not hold, by its name.
    public var constraint: String?
    /// Where in the statement the error is, in characters from 1.
    public var position: Int?
    /// Which statement of a batch failed, from 0; nil outside of batches.
    public var statementIndex: Int?
    /// Whether no connection to the server could be made, so that nothing was run.
    public internal(set) var isUnreached = false
    /// Whether the server no longer has the prepared statement, or not in the form that it had: nothing was run.
    var isStaleStatement = false
    /// Whether a statement failed by the name that it had already, and `mayBeOutdated`.
    var isOutdatedStatement = false

    /// An error; the rest of its properties are nil.
    public init(_ kind: Kind, _ message: String, sqlState: SQLState? = nil) {
        self.kind = kind
        self.message = message
        self.sqlState = sqlState
    }

    /// No connection became free in time.
    public static let poolTimeout = PostgresError(.poolTimeout, "No database connection became free in time")
    /// The server let the connection timeout pass without an answer.
    static let unreached = PostgresError(.connection, "The database did not answer in time")
    /// The pool was closed.
    public static let closed = PostgresError(.closed, "The connection pool is closed")

    /// Whether it may be due to a prepared statement that is older than the tables, types and functions in it: the types
    /// that its parameters were found to have are kept with it, and no longer fit (class 42) or exist (XX000).
    var mayBeOutdated: Bool {
        guard kind == .server, let state = sqlState?.rawValue else { return false }
        return state == "XX000" || state.hasPrefix("42")
    }

    /// One line for the log.
    public var description: String {
        var text = "postgres"
        if let sqlState { text += " \(sqlState)" }
        text += ": \(message)"
        if let detail { text += " (\(detail))" }
        if let hint { text += " (\(hint))" }
        if let constraint { text += " [constraint \(constraint)]" }
        if let position { text += " [at character \(position)]" }
        if let statementIndex { text += " [statement \(statementIndex) of the batch]" }
        return text
    }
}
