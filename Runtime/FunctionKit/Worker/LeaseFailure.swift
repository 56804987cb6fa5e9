import WorkerLoop

/// Why there is no lease. A handler that lets it pass is answered with 503 `OVERLOADED`.
enum LeaseFailure: TemporaryFailure, Equatable, CustomStringConvertible {
    /// All were in use until the time was over.
    case noneInTime(LeaseSettings)
    /// The gateway gives this worker none.
    case refused

    var retryAfter: Duration? { .seconds(1) }

    var description: String {
        switch self {
        case .noneInTime(let settings):
            "no database connection became free within \(settings.waitMilliseconds) ms: the workers together may have"
                + " \(settings.connections) (database.connections)"
        case .refused: "the gateway gives this worker no database connection"
        }
    }
}
