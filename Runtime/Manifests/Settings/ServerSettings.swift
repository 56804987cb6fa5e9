/// `server`: where and how requests are taken.
public struct ServerSettings: Sendable, Equatable {
    /// Where requests come in; at least one, default `127.0.0.1:8080`.
    public var listen: [ListenAddress] = [.tcp(host: "127.0.0.1", port: 8080)]
    /// The read-only admin listener (always `.tcp`); nil: none.
    public var admin: ListenAddress?
    /// What every route's path begins with: empty, or `/api` without a slash at the end.
    public var prefix = ""
    /// From a request's first byte to the end of its headers; default 10 s.
    public var headerTimeout: Duration = .seconds(10)
    /// How long a connection is kept without a request; default 75 s.
    public var idleTimeout: Duration = .seconds(75)
    /// Grace for requests in flight at SIGTERM; default 30 s.
    public var shutdown: Duration = .seconds(30)
    /// How long readiness is 503 before the listeners close; default 0 s.
    public var shutdownDelay: Duration = .zero
    /// Connections open at once; default 10,000.
    public var maxConnections = 10_000
    /// Event loops; 0, the default: one a core.
    public var threads = 0
    /// Peers whose forwarding header is believed; none by default.
    public var trustedProxies: [AddressRange] = []
    /// The header that trusted proxies set; default `x-forwarded-for`.
    public var forwardedBy: ForwardedHeader = .xForwardedFor

    /// Makes the default settings.
    public init() {}
}
