/// Where the keys that verify tokens come from.
public enum JWTKeySource: Sendable, Equatable {
    /// A shared secret for HMAC, at least 32 bytes.
    case secret(String)
    /// The URL of a key set (RFC 7517): https, or http to a loopback address.
    case url(String)
    /// The text of a file beside the manifest: a key set (RFC 7517), or public keys in PEM form (RFC 7468).
    case document(String)

    var isSecret: Bool {
        if case .secret = self { true } else { false }
    }
}
