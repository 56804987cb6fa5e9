import Manifests
import WireProtocol

/// How many database connections all workers together may have, and how they take turns.
public struct ConnectionLimits: Sendable, Equatable {
    /// Connections of all workers together, from the grant until the worker says that it is closed; 1 at least.
    public var connections: Int
    /// How many connections are kept though nobody uses them, wherever they happen to be.
    public var minConnections: Int
    /// How long a worker waits for a connection at most.
    public var wait: Duration
    /// How long a connection stays with a worker that uses it, before one that has none at all gets it; 100 ms. Shorter
    /// turns are fairer, and spend more time on connecting.
    public var turn: Duration = .milliseconds(100)
    /// How long a worker must have gone without a connection of its own before one that has some, too few, gets it; 500 ms.
    /// One that has none gets it at once.
    public var rest: Duration = .milliseconds(500)
    /// How long a worker may take to give a connection back before another worker is asked for one too; 50 ms.
    public var patience: Duration = .milliseconds(50)

    /// Limits; see the properties.
    public init(connections: Int, minConnections: Int = 0, wait: Duration = .seconds(2)) {
        self.connections = max(connections, 1)
        self.minConnections = min(max(minConnections, 0), self.connections)
        self.wait = wait
    }

    /// The limits that a manifest's `database` sets.
    public init(_ database: DatabaseSettings) {
        self.init(
            connections: database.connections, minConnections: database.minConnections,
            wait: database.connectionTimeout)
    }

    /// The limits as SETUP says them.
    var wire: LeaseSettings {
        LeaseSettings(connections: connections, waitMilliseconds: wait.wireMilliseconds)
    }
}
