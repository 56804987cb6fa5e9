import WorkerLoop

/// What a client is told of something that a handler threw.
enum HandlerFailure {
    /// An `APIError` is itself; what a cancelled handler throws is said to be the cancellation; a temporary failure is
    /// 503 with `Retry-After`; anything else is a 500.
    static func error(for error: any Error, cancelled reason: CancelFrame.Reason?) -> APIError {
        if let error = error as? APIError { return error }
        if error is CancellationError, let reason {
            switch reason {
            case .deadline: return APIError(.functionTimeout)
            case .clientGone: return APIError(.functionTimeout, "The request was cancelled")
            case .stopping: return APIError(.functionUnavailable)
            }
        }
        if let failure = error as? any TemporaryFailure, let pause = failure.retryAfter {
            let (seconds, attoseconds) = pause.components
            let whole = max(seconds + (attoseconds > 0 ? 1 : 0), 1)
            return APIError(
                failure.isOverload ? .overloaded : .functionUnavailable, headers: ["retry-after": "\(whole)"],
                cause: String(describing: error))
        }
        return APIError(.internalError, cause: String(describing: error))
    }
}
