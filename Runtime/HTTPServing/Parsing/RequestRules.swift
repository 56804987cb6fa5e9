/// What the parser accepts at most, and which fields it never takes out on a client's word.
public struct RequestRules: Sendable, Equatable {
    /// Fields in a head; more are 431. Default 100.
    public var fields = 100
    /// Bytes of a head's field lines, line ends included; more are 431. Default 16 KiB.
    public var headerBytes = 16 * 1024
    /// Bytes of a request target; more are 414. Default 8 KiB.
    public var targetBytes = 8 * 1024
    /// Bytes of one chunk's size line, extensions included; more are 400. Default 4 KiB.
    public var chunkLineBytes = 4 * 1024
    /// Bytes of chunk extensions in one body; more are 400. Default 16 KiB.
    public var extensionBytes = 16 * 1024
    /// Bytes of trailers; more are 400. Default 8 KiB.
    public var trailerBytes = 8 * 1024
    /// Fields, in lower case, that stay even where `Connection` nominates them as hop-by-hop: what decides who the
    /// caller is, where it is, and what it asks. Add the names that the manifest chooses.
    public var kept: [String] = [
        "authorization", "host", "cookie", "x-api-key", "content-type", "content-length", "content-encoding",
        "accept", "accept-encoding", "origin", "if-match", "if-none-match", "cache-control",
        "idempotency-key",
        "api-version", "x-request-id", "traceparent", "tracestate", "forwarded", "x-forwarded-for",
        "x-forwarded-host", "x-forwarded-proto", "x-real-ip",
    ]

    /// The defaults.
    public init() {}
}
