/// A request to another service.
public struct HTTPRequest: Sendable {
    /// The method, a token in capitals.
    public var method: String
    /// The address, with the scheme `http` or `https`.
    public var url: String
    /// The header fields; `Host`, `Content-Length` and the like are added.
    public var headers: HTTPHeaders
    /// The body; empty for none.
    public var body: [UInt8]
    /// How long the request may take from the beginning to the body's last byte; 10 s by default.
    public var timeout: Duration
    /// How long connecting may take, TLS and the lookup of the name included; 2 s by default.
    public var connectTimeout: Duration
    /// How many bytes the answer's body may have; 8 MiB by default.
    public var maximumBody: Int

    /// A request; see the properties.
    public init(
        _ method: String = "GET", _ url: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        timeout: Duration = .seconds(10), connectTimeout: Duration = .seconds(2), maximumBody: Int = 8 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.maximumBody = maximumBody
    }

    /// Throws unless the method is a token and no field could end the line it stands in.
    func check() throws(HTTPClientError) {
        guard Self.isToken(method) else { throw HTTPClientError(.invalidRequest, "The method is no token") }
        for field in headers {
            guard Self.isToken(field.name) else {
                throw HTTPClientError(.invalidRequest, "A header's name is no token")
            }
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw HTTPClientError(.invalidRequest, "The header \(field.name) has a control character")
            }
        }
        guard timeout > .zero, connectTimeout > .zero, maximumBody >= 0 else {
            throw HTTPClientError(
                .invalidRequest, "Timeouts must be longer than nothing, and sizes not negative")
        }
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
