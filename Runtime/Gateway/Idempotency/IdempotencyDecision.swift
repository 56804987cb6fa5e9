import WireProtocol

/// What becomes of a request with a key.
public enum IdempotencyDecision: Sendable, Equatable {
    /// The key is this request's now: it goes to the function, and `finish` or `release` follows.
    case run
    /// Nothing runs; the client gets this.
    case replay(StoredResponse)
    /// The first request still runs, or has hardly ended.
    case running(retryAfterSeconds: Int)
    /// The first request ran when its process ended, or its response could not be written down: whether it had its
    /// effect is not known, and the client must find out.
    case unknownOutcome
    /// The key belongs to another request.
    case mismatch
    /// So many requests wait for the store that this one was not taken.
    case overloaded
    /// The store cannot be read or written. The cause is for the log.
    case unavailable(cause: String)

    /// What the client is told; nil for `run` and `replay`.
    ///
    /// - Parameter header: the name of the key's header.
    func error(header: String) -> APIError? {
        switch self {
        case .run, .replay: nil
        case .running(let seconds):
            APIError(
                .idempotencyConflict, "A request with this \(header) is still running",
                headers: Self.retryAfter(seconds))
        case .unknownOutcome:
            // Without `Retry-After`: the same request must not be sent again by itself when the record is forgotten.
            APIError(
                .idempotencyConflict,
                "The outcome of the first request with this \(header) is not known; find out whether it took effect, "
                    + "and use a new key to send it again")
        case .mismatch: APIError(.idempotencyMismatch, "This \(header) was used with another request")
        case .overloaded: APIError(.overloaded, headers: Self.retryAfter(1))
        case .unavailable(let cause):
            APIError(
                .functionUnavailable, "The \(header) cannot be checked at the moment, please try again later",
                headers: Self.retryAfter(5), cause: cause)
        }
    }

    private static func retryAfter(_ seconds: Int) -> HeaderList { ["retry-after": "\(max(1, seconds))"] }
}
