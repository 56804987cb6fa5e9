/// `cors`: which other origins' pages may read answers (WHATWG Fetch).
public struct CORSSettings: Sendable, Equatable {
    /// The origins as browsers send them, lower case without a slash at the end, or `*` alone.
    public var origins: [String]
    /// Methods in a preflight's answer; nil: the route's.
    public var methods: [String]?
    /// Request headers in a preflight's answer; nil: the list of the conventions.
    public var headers: [String]?
    /// Response headers that pages may read; nil: the list of the conventions.
    public var expose: [String]?
    /// Whether cookies and `Authorization` may come along; never with `*`.
    public var credentials: Bool
    /// How long a browser keeps a preflight's answer; nil: not said.
    public var maxAge: Duration?

    /// Makes the settings.
    public init(origins: [String], credentials: Bool = false, maxAge: Duration? = nil) {
        self.origins = origins
        self.credentials = credentials
        self.maxAge = maxAge
    }

    /// Whether every origin is allowed.
    public var allowsEveryOrigin: Bool { origins.contains("*") }
}
