import WorkerLoop

extension PostgresError: TemporaryFailure {
    /// A second when no connection became free in time, or none could be made: then nothing was run. Nil for all else.
    public var retryAfter: Duration? { kind == .poolTimeout || isUnreached ? .seconds(1) : nil }
    /// False when no connection could be made.
    public var isOverload: Bool { !isUnreached }
}
