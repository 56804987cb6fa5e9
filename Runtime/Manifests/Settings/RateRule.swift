/// A rate limit: so many requests in so long for each key.
public struct RateRule: Sendable, Hashable {
    /// What has a bucket of its own.
    public enum Key: String, Sendable, Hashable, CaseIterable {
        /// The client's address; counts before authentication.
        case client
        /// The caller's id; the client where there is none.
        case caller
        /// The API key.
        case key
        /// The function: one bucket for everybody.
        case function
    }

    /// The burst, and how many a `per` refill; at least 1.
    public var limit: Int
    /// The time in which an empty bucket fills; more than zero.
    public var per: Duration
    /// Whose requests count together; default the client's.
    public var by: Key

    /// Makes a rule.
    public init(limit: Int, per: Duration, by: Key = .client) {
        self.limit = limit
        self.per = per
        self.by = by
    }
}
