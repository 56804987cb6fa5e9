/// `database`: the PostgreSQL of functions with `uses: [database]`.
public struct DatabaseSettings: Sendable, Equatable {
    /// `postgres://…`; a secret.
    public var url: String
    /// URLs of read replicas; none by default.
    public var replicas: [String] = []
    /// Connections of all workers together; default 20.
    public var connections = 20
    /// Connections that are kept open; default 2.
    public var minConnections = 2
    /// How long a connection is kept unused; default 30 s.
    public var idleTimeout: Duration = .seconds(30)
    /// How long connecting may take; default 2 s.
    public var connectionTimeout: Duration = .seconds(2)

    /// Makes the settings with their defaults.
    public init(url: String) {
        self.url = url
    }
}
