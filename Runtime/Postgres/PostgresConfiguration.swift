/// Where the database is, and how many connections a pool may have to it.
public struct PostgresConfiguration: Sendable {
    /// A connection URI (`postgres://user:password@host:5432/database?sslmode=require`) or a string of keywords
    /// (`host=/run/postgresql dbname=shop`), as libpq reads them. Holds a secret: never log it.
    public var url: String
    /// The read replicas' addresses, of the same forms; none by default. See `PostgresPool.read`. Each has a pool with
    /// the same limits, save that none are kept open.
    public var replicaURLs: [String] = []
    /// How many connections are kept open even when nobody needs them; 0 by default.
    public var minimumConnections: Int
    /// How many connections are open at most; 10 by default.
    public var maximumConnections: Int
    /// After how long without use a connection above the minimum is closed; 30 s by default.
    public var idleTimeout: Duration
    /// How long a query waits for a connection at most, be it a free one or a new one; 2 s by default.
    public var connectionTimeout: Duration
    /// How many statements each connection keeps prepared at the server, those used last; 100 by default, 0 prepares
    /// none. Behind a proxy that shares the server's connections among sessions (PgBouncer by transaction) it must be 0.
    public var preparedStatements = 100

    /// A configuration; see the properties.
    public init(
        url: String, minimumConnections: Int = 0, maximumConnections: Int = 10,
        idleTimeout: Duration = .seconds(30), connectionTimeout: Duration = .seconds(2)
    ) {
        self.url = url
        self.minimumConnections = minimumConnections
        self.maximumConnections = maximumConnections
        self.idleTimeout = idleTimeout
        self.connectionTimeout = connectionTimeout
    }

    /// Throws unless the numbers make sense together.
    func check() throws(PostgresError) {
        guard maximumConnections >= 1, (0...maximumConnections).contains(minimumConnections) else {
            throw PostgresError(
                .configuration,
                "A pool needs at least one connection, and no more kept open than there may be")
        }
        guard preparedStatements >= 0 else {
            throw PostgresError(.configuration, "The number of prepared statements is negative")
        }
        guard idleTimeout > .zero, connectionTimeout > .zero else {
            throw PostgresError(.configuration, "The pool's timeouts must be longer than nothing")
        }
    }

    var limits: PoolLimits {
        PoolLimits(
            minimum: minimumConnections, maximum: maximumConnections, idleTimeout: idleTimeout,
            connectionTimeout: connectionTimeout)
    }
}
