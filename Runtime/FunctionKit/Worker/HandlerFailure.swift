/// What a client is told of something that a handler threw.
enum HandlerFailure {
    /// An `APIError` is itself; what a cancelled handler throws is said to be the cancellation; anything else is a 500.
    static func error(for error: any Error, cancelled reason: CancelFrame.Reason?) -> APIError {
        if let error = error as? APIError { return error }
        if error is CancellationError, let reason {
            switch reason {
            case .deadline: return APIError(.functionTimeout)
            case .clientGone: return APIError(.functionTimeout, "The request was cancelled")
            case .stopping: return APIError(.functionUnavailable)
            }
        }
        return APIError(.internalError, cause: String(describing: error))
    }
}
