/// A way to prove who one is.
public enum CredentialKind: String, Sendable, Hashable, CaseIterable {
    /// A bearer token.
    case jwt
    /// A key in a header.
    case apiKey
}
