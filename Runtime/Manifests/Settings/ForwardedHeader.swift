/// `server.forwardedBy`: the header in which trusted proxies say who the client is.
public enum ForwardedHeader: String, Sendable, Equatable, CaseIterable {
    /// `X-Forwarded-For`, a list of addresses.
    case xForwardedFor = "x-forwarded-for"
    /// `Forwarded` (RFC 7239).
    case forwarded
}
