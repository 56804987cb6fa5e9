/// What one invocation from the command line ended in.
public struct InvocationOutcome: Sendable {
    /// The status.
    public let status: Int
    /// The header fields, their names in small letters.
    public let headers: [(name: String, value: String)]
    /// The body; empty where it was streamed elsewhere.
    public let body: [UInt8]
    /// How long it took, in milliseconds.
    public let milliseconds: Double
    /// Whether the response came to its end; a stream may break off.
    public let isWhole: Bool
    /// A line for standard error: the status, timings, worker.
    public let summary: String
}
