/// What one invocation from the command line ended in.
public struct InvocationOutcome: Sendable {
    /// The status.
    public let status: Int
    /// The body.
    public let body: [UInt8]
    /// A line for standard error: the status, timings, worker.
    public let summary: String
}
