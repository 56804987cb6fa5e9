import Crypto
import Manifests
import WireProtocol

/// Who a request is from, once its credential has been found good; never changes.
final class Identity: Sendable {
    /// What the handler is told.
    let caller: Caller
    /// How the caller proved it; nil for an anonymous one.
    let credential: CredentialKind?
    /// Until when the credential is good, in milliseconds since 1970, leeway included; `.max`: for ever.
    let expires: UInt64
    /// The caller's name in tables: equal for two requests of one caller, different for two callers, the way of proving
    /// it included. A token without an id is a caller of its own for each set of claims.
    let key: [UInt8]
    /// The first 64 bits of the SHA-256 of `key`, the same in every process and after every restart.
    let hash: UInt64
    /// The caller in keys of the cache.
    let cacheName: CallerIdentity

    init(_ caller: Caller, credential: CredentialKind?, expires: UInt64 = .max) {
        self.caller = caller
        self.credential = credential
        self.expires = expires
        cacheName = CallerIdentity(caller, by: credential)
        let name: String =
            switch (credential, caller.id) {
            case (nil, _): "anonymous"
            case (.jwt, let id?): "id:" + id
            case (.jwt, nil): "claims:" + (caller.claims ?? "")
            case (.apiKey, let id): "key:" + (id ?? "")
            }
        key = Array(name.utf8)
        hash = SHA256.hash(data: key).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The name of the API key that was shown; nil where none was.
    var keyName: String? { credential == .apiKey ? caller.id : nil }

    /// Nobody in particular.
    static let anonymous = Identity(.anonymous, credential: nil)
}
