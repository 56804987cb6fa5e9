import WorkerLoop

/// What a function is told when it starts.
public struct Startup: StartupEnvironment {
    /// The worker's environment variables, all of them: the manifest's `env`, and what its `uses` bring.
    public let environment: [String: String]
    /// The function's name in the manifest.
    public let function: String
    /// The revision that this worker is of.
    public let revision: String
    /// How the function's lists are paged; nil where the manifest has no `page`.
    public let page: PageSettings?
    /// The loop that the worker's one thread runs, for clients that wait for descriptors and timers.
    public let loop: WorkerLoop
    /// Writes to the gateway's log.
    public let logger: FunctionLogger
    /// Where the right to open a database connection is to be had: the gateway; nil where the manifest sets no limit.
    public internal(set) var connectionLeases: (any ConnectionLeases)? = nil

    /// The value of an environment variable. Throws a plain sentence when it is missing or empty, which makes the start
    /// fail.
    public func require(_ name: String) throws -> String {
        guard let value = environment[name], !value.isEmpty else { throw MissingVariable(name: name) }
        return value
    }
}
