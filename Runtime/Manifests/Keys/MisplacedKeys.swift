/// Keys that are easily written one level too high: the section of the same map that each belongs to.
///
/// A map's name is the way to it from the top, as in `UnsupportedKeys`.
enum MisplacedKeys {
    static let sections: [String: [(section: String, keys: [String])]] = [
        "": [
            (
                "server",
                [
                    "listen", "admin", "prefix", "headerTimeout", "idleTimeout", "shutdown", "shutdownDelay",
                    "maxConnections", "threads", "trustedProxies", "forwardedBy",
                ]
            ),
            ("auth", ["jwt", "apiKeys"]),
            ("cors", ["origins"]),
            ("health", ["services"]),
        ],
        "auth": [
            (
                "jwt",
                ["secret", "jwks", "issuer", "audience", "algorithms", "claims", "leeway", "expiresIn"]
            ),
            ("apiKeys", ["header", "keys"]),
        ],
        "function": [
            ("auth", ["roles", "scopes", "by"]),
            ("scale", ["min", "max", "concurrency", "target", "idle", "wait"]),
        ],
    ]

    /// The section that a key belongs to which stands in the map at a path.
    static func section(of key: String, at path: String) -> String? {
        sections[path]?.first { $0.keys.contains(key) }?.section
    }
}
