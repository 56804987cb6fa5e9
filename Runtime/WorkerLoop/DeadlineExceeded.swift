/// Thrown by `withDeadline` when the time has passed and the operation has ended because of it.
public struct DeadlineExceeded: Error, Hashable, Sendable {
    /// The time that the operation was given.
    public let limit: Duration

    /// The error for an operation that was given `limit`.
    public init(limit: Duration) {
        self.limit = limit
    }
}
