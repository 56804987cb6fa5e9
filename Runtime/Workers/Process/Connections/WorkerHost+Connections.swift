// The budget of database connections, as the composition root sees it.
extension WorkerHost {
    /// How many database connections the workers have, and how many they wait for; nil where there is no database.
    public var connections: ConnectionStatus? { broker.status }

    /// Sets other limits for database connections, as after a changed manifest; nil: there is no database any more.
    /// Connections over a smaller limit are taken back. Returns at once; workers started from now on know the limits.
    public func limitConnections(_ limits: ConnectionLimits?) { broker.change(limits) }
}
