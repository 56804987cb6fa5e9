import WireProtocol

/// What hears of requests for the log and the metrics. Called on the request's event loop; must not block.
public protocol RequestObserver: AnyObject, Sendable {
    /// A request has been answered, or its client went away. Not called for what `log.requests` leaves out.
    func finished(_ record: borrowing AccessRecord)

    /// A request failed for a reason that its client is not told: `error.cause`. Called whatever is logged of requests.
    func failed(_ error: APIError, requestID: RequestID, function: String?)

    /// Bytes were refused that are no acceptable request, or a body could not be read. Called whatever is logged.
    func refused(_ failure: ParseFailure, requestID: RequestID, client: String)

    /// A well-formed request was turned away: its caller is not known or may not do this, or asks too often, or it makes no
    /// sense to the gateway: a malformed query, a version or method that there is not. At most once for a request, and not
    /// where it was `refused`. `reason` is a constant of the code, a counter's label too. Called whatever is logged.
    func denied(_ reason: String, requestID: RequestID, function: String?, client: String)
}
