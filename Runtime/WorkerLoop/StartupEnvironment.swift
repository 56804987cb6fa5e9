/// What a client library is told when its worker starts: where its server is, and the loop to wait on.
///
/// FunctionKit's `Startup` conforms; a client library takes any `StartupEnvironment`, so that it need not know
/// FunctionKit.
public protocol StartupEnvironment: Sendable {
    /// The worker's environment variables, all of them.
    var environment: [String: String] { get }
    /// The loop that the worker's one thread runs.
    var loop: WorkerLoop { get }
    /// Where the right to open a database connection is to be had; nil where nobody counts them.
    var connectionLeases: (any ConnectionLeases)? { get }
}

extension StartupEnvironment {
    /// Nobody counts connections.
    public var connectionLeases: (any ConnectionLeases)? { nil }
}
