/// Why a host's name has led to no address.
public struct HostLookupFailure: Error, Hashable, Sendable {
    /// The kinds of failure.
    public enum Reason: Hashable, Sendable {
        /// The name does not exist, or has no address.
        case notFound
        /// The name servers did not answer; a later attempt may succeed.
        case tryAgain
        /// The program is fully static and cannot look up names, only use addresses.
        case unavailable
        /// Anything else.
        case failed
    }

    /// The name that was looked up.
    public let host: String
    /// Why there is no address.
    public let reason: Reason

    /// The failure of looking up `host`.
    public init(host: String, reason: Reason) {
        self.host = host
        self.reason = reason
    }
}
