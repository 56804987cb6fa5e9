/// When a request that failed is sent again.
///
/// Sent again is: what was never sent, because no connection was made, whatever its method; and an idempotent request
/// (`HTTPRequest.isIdempotent`) whose connection broke before the answer, or whose answer is 502, 503 or 504, or 429
/// with `Retry-After`. Never: a request whose streamed body has been begun; after a timeout, unless of the connecting;
/// after a certificate that was refused, a name that does not exist, an answer that is too large or malformed. The
/// last answer or failure is what the caller gets. All attempts together take no longer than the request's `timeout`.
public struct RetryPolicy: Sendable, Hashable {
    /// How often a request is sent at most, the first time included; 1 for never again.
    public var attempts: Int
    /// The pause before the second attempt; it doubles each time. A pause is cut at random to between half and all of
    /// it, so that many callers do not come back together.
    public var firstDelay: Duration
    /// The longest pause.
    public var longestDelay: Duration
    /// The longest `Retry-After` (RFC 9110, section 10.2.3) that is waited for in place of the pause; an answer that
    /// asks for more is given to the caller at once.
    public var longestRetryAfter: Duration

    /// Three attempts, with pauses of 100 and 200 ms, and at most 5 s where the server asks for it.
    public static let standard = RetryPolicy()
    /// One attempt.
    public static let never = RetryPolicy(attempts: 1)

    /// A policy; see the properties.
    public init(
        attempts: Int = 3, firstDelay: Duration = .milliseconds(100), longestDelay: Duration = .seconds(2),
        longestRetryAfter: Duration = .seconds(5)
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.longestRetryAfter = longestRetryAfter
    }

    func check() throws(HTTPClientError) {
        guard attempts >= 1, firstDelay >= .zero, longestDelay >= firstDelay, longestRetryAfter >= .zero else {
            throw HTTPClientError(
                .invalidRequest, "Retries need one attempt at least, and pauses that are not negative")
        }
    }
}
