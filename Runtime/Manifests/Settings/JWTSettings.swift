/// `auth.jwt`: how bearer tokens (RFC 7519) are verified.
public struct JWTSettings: Sendable, Equatable {
    /// Which claims hold the caller's id, roles and scopes; of each list the first claim that is there counts.
    public struct Claims: Sendable, Equatable {
        /// Default `sub`, then `userId`.
        public var id = ["sub", "userId"]
        /// Default `roles`, then `role`.
        public var roles = ["roles", "role"]
        /// Default `scope`, then `scp`.
        public var scopes = ["scope", "scp"]

        /// Makes the default claims.
        public init() {}
    }

    /// The secret or the key set.
    public var keys: JWTKeySource
    /// The algorithms that are accepted; by default HS256 for a secret, RS256 and ES256 for a key set.
    public var algorithms: [JWTAlgorithm]
    /// What `iss` must equal; nil: not looked at. Always set with a key set.
    public var issuer: String?
    /// One of these must be in `aud`; empty: not looked at. Never empty with a key set.
    public var audience: [String] = []
    /// Where the caller is described.
    public var claims = Claims()
    /// How far clocks may differ; default 30 s.
    public var leeway: Duration = .seconds(30)
    /// How long a token made by `swiftlet token` is valid; default 24 h.
    public var expiresIn: Duration = .seconds(86_400)

    /// Where the manifest names the keys; nil for settings that come from none.
    public var location: SourceLocation?

    /// Makes the settings, with the algorithms that are usual for the keys.
    public init(keys: JWTKeySource, algorithms: [JWTAlgorithm]? = nil) {
        self.keys = keys
        self.algorithms = algorithms ?? (keys.isSecret ? [.hs256] : [.rs256, .es256])
    }
}
