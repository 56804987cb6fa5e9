/// `database`: the PostgreSQL of functions with `uses: [database]`.
public struct DatabaseSettings: Sendable, Equatable {
    /// `postgres://…`; a secret.
    public var url: String
    /// URLs of read replicas; none by default.
    public var replicas: [String] = []
    /// Connections of all workers together, those to replicas included; default 20. The health check's own connection
    /// is not among them.
    public var connections = 20
    /// Connections that are kept once they are open, though nobody uses them; default 2.
    public var minConnections = 2
    /// How long a connection is kept unused; default 30 s.
    public var idleTimeout: Duration = .seconds(30)
    /// How long a statement waits for a connection, be it a free or a new one; default 2 s.
    public var connectionTimeout: Duration = .seconds(2)

    /// Makes the settings with their defaults.
    public init(url: String) {
        self.url = url
    }
}
