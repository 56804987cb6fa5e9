/// A request to another service.
public struct HTTPRequest: Sendable {
    /// The method, a token in capitals.
    public var method: String
    /// The address, with the scheme `http` or `https`; what is not ASCII is escaped in it (`PercentEncoding`). A name
    /// and a password in it become `Authorization: Basic`.
    public var url: String
    /// The header fields. What frames the message and belongs to the connection (`Content-Length`,
    /// `Transfer-Encoding`, `Connection` and their kin) is added by the client and refused here.
    public var headers: HTTPHeaders
    /// The body; none by default.
    public var body: HTTPRequestBody
    /// How long the request may take from the beginning to the body's last byte, with all redirects and retries; 10 s
    /// by default. In a handler it ends with the invocation's deadline, if that is earlier.
    public var timeout: Duration
    /// How long connecting may take, TLS and the lookup of the name included; 2 s by default.
    public var connectTimeout: Duration
    /// How many bytes the answer's body may have, streamed or not; 8 MiB by default.
    public var maximumBody: Int
    /// How many redirects are followed; 0 by default: the redirect is then the answer.
    ///
    /// A redirect to another scheme is refused, also from http to https. On the way to another host or port the
    /// credentials in the address and all headers are left behind, but for those that are known to hold none
    /// (`Accept`, `Content-Type` and the like). 301 and 302 make a POST a GET, 303 makes everything a GET but HEAD; the
    /// others keep method and body (RFC 9110, section 15.4).
    public var redirects: Int
    /// When the request is sent again; `RetryPolicy.standard` by default.
    public var retries: RetryPolicy
    /// Whether the request may be sent twice without harm; nil, the default, for what its method says (RFC 9110, section
    /// 9.2.2: GET, HEAD, OPTIONS, TRACE, PUT and DELETE may). Set it for a POST with an idempotency key.
    public var isIdempotent: Bool?
    /// Whether the id and the trace of the invocation that the caller works for are passed on, as `X-Request-Id`,
    /// `traceparent` (with a parent id of its own, W3C Trace Context) and `tracestate`; true by default. Fields that
    /// `headers` has stay as they are.
    public var passesTrace: Bool

    /// A request; see the properties.
    public init(
        _ method: String = "GET", _ url: String, headers: HTTPHeaders = [:], body: HTTPRequestBody = .none,
        timeout: Duration = .seconds(10), connectTimeout: Duration = .seconds(2), maximumBody: Int = 8 << 20,
        redirects: Int = 0, retries: RetryPolicy = .standard, isIdempotent: Bool? = nil,
        passesTrace: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.maximumBody = maximumBody
        self.redirects = redirects
        self.retries = retries
        self.isIdempotent = isIdempotent
        self.passesTrace = passesTrace
    }

    /// Adds `name=value` to the address's query, escaped, so that neither can end its place.
    public mutating func addQuery(_ name: String, _ value: String) {
        let fragment = url.firstIndex(of: "#") ?? url.endIndex
        let mark = url[..<fragment].contains("?") ? "&" : "?"
        let item = "\(mark)\(PercentEncoding.encode(name))=\(PercentEncoding.encode(value))"
        url.insert(contentsOf: item, at: fragment)
    }
}
