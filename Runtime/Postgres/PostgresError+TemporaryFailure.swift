import WorkerLoop

extension PostgresError: TemporaryFailure {
    /// A second when no connection became free in time; nil for all else, which load does not explain.
    public var retryAfter: Duration? { kind == .poolTimeout ? .seconds(1) : nil }
}
