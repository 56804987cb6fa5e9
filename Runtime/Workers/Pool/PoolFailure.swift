import WireProtocol

/// Why no worker answered an invocation.
enum PoolFailure: Error, Sendable, Equatable {
    /// As many requests wait as may.
    case queueFull
    /// It waited for a worker as long as it may.
    case waitedTooLong
    /// No worker can be started now; worth another try after this time.
    case unavailable(retryAfter: Duration)
    /// Its worker ended, or broke the protocol.
    case crashed
    /// Its worker did not answer in time.
    case timeout
    /// The pool is closed, or its grace is over.
    case closed

    /// The error that the client gets.
    func error(cause: String? = nil) -> APIError {
        switch self {
        case .queueFull, .waitedTooLong:
            APIError(.overloaded, headers: ["retry-after": "1"], cause: cause ?? description)
        case .unavailable(let time):
            APIError(
                .functionUnavailable, headers: ["retry-after": String(time.retryAfterSeconds)],
                cause: cause ?? description)
        case .closed:
            APIError(.functionUnavailable, headers: ["retry-after": "1"], cause: cause ?? description)
        case .crashed: APIError(.functionCrashed, cause: cause ?? description)
        case .timeout: APIError(.functionTimeout, cause: cause ?? description)
        }
    }
}

extension PoolFailure: CustomStringConvertible {
    /// What happened, for the log.
    var description: String {
        switch self {
        case .queueFull: "the queue is full"
        case .waitedTooLong: "no worker was free in time"
        case .unavailable: "no worker can be started"
        case .crashed: "the worker ended before it answered"
        case .timeout: "the worker did not answer in time"
        case .closed: "the function is being stopped"
        }
    }
}
