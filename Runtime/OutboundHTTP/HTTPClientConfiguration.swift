/// How a client reaches servers.
public struct HTTPClientConfiguration: Sendable {
    /// The path of a file of certificates in PEM form that is trusted in place of the system's authorities; nil by
    /// default.
    public var certificateAuthorities: String?
    /// The proxy for all requests, `http://user:password@host:port` or with `https`; nil, the default, for none. The
    /// environment's `http_proxy` and its kin are never looked at. May hold a secret: never log it.
    public var proxy: String?
    /// How many connections to one host are open at most; further requests wait. 32 by default. Streams have as many
    /// again, since each holds a connection of its own.
    public var connectionsToOneHost: Int
    /// How many idle connections are kept at most; 32 by default. One is not used again after 118 s without use, nor
    /// 5 minutes after it was made, so that changes of a name's addresses are followed.
    public var idleConnections: Int
    /// The `User-Agent` of requests that have none; `swiftlet` by default, empty for none.
    public var userAgent: String

    /// A configuration; see the properties.
    public init(
        certificateAuthorities: String? = nil, proxy: String? = nil, connectionsToOneHost: Int = 32,
        idleConnections: Int = 32, userAgent: String = "swiftlet"
    ) {
        self.certificateAuthorities = certificateAuthorities
        self.proxy = proxy
        self.connectionsToOneHost = connectionsToOneHost
        self.idleConnections = idleConnections
        self.userAgent = userAgent
    }

    /// Throws unless the numbers make sense and the texts are safe to send.
    func check() throws(HTTPClientError) {
        guard connectionsToOneHost >= 1, idleConnections >= 0 else {
            throw HTTPClientError(.invalidRequest, "A client needs at least one connection to a host")
        }
        guard HTTPHeaders.isValue(userAgent) else {
            throw HTTPClientError(.invalidRequest, "The user agent has a control character")
        }
    }
}
