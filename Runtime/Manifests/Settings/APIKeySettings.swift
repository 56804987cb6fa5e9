/// `auth.apiKeys`: the keys that callers may show in a header.
public struct APIKeySettings: Sendable, Equatable {
    /// One named key and what it may do.
    public struct Key: Sendable, Equatable {
        /// The key's name: the caller's id.
        public var name: String
        /// SHA-256 of each key that is valid under this name, 32 bytes each; two while one replaces the other.
        public var hashes: [[UInt8]]
        /// The roles of a caller with this key.
        public var roles: [String]
        /// The scopes of a caller with this key.
        public var scopes: [String]
        /// When it ends, in seconds since 1970 (UTC); nil: never.
        public var expires: Int?

        /// Makes a key.
        public init(
            name: String, hashes: [[UInt8]], roles: [String] = [], scopes: [String] = [], expires: Int? = nil
        ) {
            self.name = name
            self.hashes = hashes
            self.roles = roles
            self.scopes = scopes
            self.expires = expires
        }
    }

    /// The header that carries a key; default `X-API-Key`.
    public var header: String
    /// The keys, in the file's order; never empty.
    public var keys: [Key]

    /// Makes the settings.
    public init(header: String = "X-API-Key", keys: [Key]) {
        self.header = header
        self.keys = keys
    }
}
