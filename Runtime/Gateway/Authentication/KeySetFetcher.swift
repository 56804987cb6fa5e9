/// Fetches key sets; the gateway itself has no sockets.
public protocol KeySetFetcher: Sendable {
    /// Gets what stands at this URL: https unless the host is a loopback address, no redirects, 5 s, 1 MiB.
    ///
    /// Returns at once; `completion` is called once, on any thread.
    func fetch(
        _ url: String, completion: @escaping @Sendable (Result<FetchedKeySet, any Error>) -> Void)
}

/// A key set as it came from its issuer.
public struct FetchedKeySet: Sendable, Equatable {
    /// The answer's body.
    public var body: [UInt8]
    /// Its `Cache-Control`; nil: it had none.
    public var cacheControl: String?

    /// An answer; see the properties.
    public init(body: [UInt8], cacheControl: String? = nil) {
        self.body = body
        self.cacheControl = cacheControl
    }

    /// How long the set is fresh, in seconds: `max-age` (RFC 9111, section 5.2.2.1), but from one minute to one hour; ten
    /// minutes where there is none, one minute where it must not be kept.
    var freshSeconds: UInt64 {
        var seconds: UInt64 = 600
        for directive in (cacheControl ?? "").split(separator: ",") {
            let parts = directive.split(separator: "=", maxSplits: 1).map { Self.bare($0) }
            switch parts.first?.lowercased() {
            case "no-store", "no-cache": return 60
            case "max-age" where parts.count == 2:
                // Text that is no number counts as stale (RFC 9111, section 4.2.1).
                seconds = UInt64(parts[1]) ?? 0
            default: break
            }
        }
        return min(max(seconds, 60), 3600)
    }

    private static func bare(_ part: Substring) -> String {
        String(part.drop { $0 == " " || $0 == "\t" || $0 == "\"" }.prefix { $0 != " " && $0 != "\t" && $0 != "\"" })
    }
}
