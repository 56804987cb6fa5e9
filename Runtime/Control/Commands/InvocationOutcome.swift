/// What one invocation from the command line ended in.
public struct InvocationOutcome: Sendable {
    /// The status.
    public let status: Int
    /// The body; empty where it was streamed.
    public let body: [UInt8]
    /// Whether the response came to its end; a stream may break off.
    public let isWhole: Bool
    /// A line for standard error: the status, timings, worker.
    public let summary: String
}
