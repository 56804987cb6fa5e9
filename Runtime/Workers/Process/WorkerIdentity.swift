/// Which worker is meant, for the log and for metrics.
public struct WorkerIdentity: Sendable, Hashable {
    /// The function.
    public var function: String
    /// The worker's number within its pool, from 1.
    public var number: Int
    /// Its process id; 0 where there is no process.
    public var pid: Int32

    /// An identity; see the properties.
    public init(function: String, number: Int, pid: Int32) {
        self.function = function
        self.number = number
        self.pid = pid
    }
}
