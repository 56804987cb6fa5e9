/// The limits of an HTTP server; the defaults are those of the manifest.
public struct HTTPServerConfiguration: Sendable {
    /// From the first byte of a head to its end, however often a byte comes; then 408. Default 10 s.
    public var headerTimeout: Duration = .seconds(10)
    /// How long a connection may lie idle before it is closed in silence. Default 75 s.
    public var idleTimeout: Duration = .seconds(75)
    /// In each window of this length a body must have come at `bodyRate`; else 408. Default 10 s.
    public var bodyWindow: Duration = .seconds(10)
    /// The least rate of a body, in bytes a second. Default 500.
    public var bodyRate = 500
    /// How long a client may read nothing of what waits for it before its connection is reset. Default 30 s.
    public var writeTimeout: Duration = .seconds(30)
    /// How long input is read and dropped behind a last response, so that the client gets it whole. Default 2 s.
    public var lingerTimeout: Duration = .seconds(2)
    /// How long a client that has closed its side behind its request waits for the answer to begin, before it is taken
    /// for gone: one that only half-closes its connection, as `nc -N` does, gets every quick answer, and one that left
    /// does not keep its handler at work. Default 1 s; the manifest does not change it.
    public var halfClosedTimeout: Duration = .seconds(1)
    /// Connections open at once; past them none is accepted until one closes. Default 10,000.
    public var maxConnections = 10_000
    /// Connections the kernel may keep for us before they are accepted. Default 1024.
    public var backlog: Int32 = 1024
    /// What a request may be. Default: the limits of `RequestRules`.
    public var rules = RequestRules()

    /// The defaults.
    public init() {}
}
