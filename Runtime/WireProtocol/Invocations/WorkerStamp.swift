/// Which worker handled an invocation, for the log.
public struct WorkerStamp: Sendable, Hashable {
    /// The worker's number within its function since the gateway started, from 1.
    public var number: Int
    /// The process id.
    public var pid: Int32
    /// Whether the invocation waited for this worker to start.
    public var coldStart: Bool

    /// A stamp; see the properties.
    @inlinable
    public init(number: Int, pid: Int32, coldStart: Bool) {
        self.number = number
        self.pid = pid
        self.coldStart = coldStart
    }
}
