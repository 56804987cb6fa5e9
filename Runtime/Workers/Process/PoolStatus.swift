/// A pool at one moment, for `/status`.
public struct PoolStatus: Sendable, Equatable {
    /// The function.
    public var function: String
    /// Its revision.
    public var revision: String
    /// Its workers, by number.
    public var workers: [WorkerStatus]
    /// Invocations with workers, cancelled ones that were not answered included.
    public var inFlight: Int
    /// Invocations that wait for a worker.
    public var queued: Int
    /// Workers that became ready since the pool was made.
    public var coldStarts: Int
    /// Workers that ended unasked.
    public var crashes: Int
    /// Starts that failed.
    public var failedStarts: Int
    /// Requests that were tried a second time.
    public var retries: Int
    /// How long invocations took, from the time they came to the worker's answer.
    public var latency: LatencyHistogram
    /// Whether the pool is being closed.
    public var isClosing: Bool
}
