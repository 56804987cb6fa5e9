/// What a request with a key holds on to from `begin` to `finish` or `release`.
public struct IdempotencyClaim: Sendable, Hashable {
    /// The record's name.
    var scope: ScopedKey
    /// What the request asks for.
    var fingerprint: RequestFingerprint
    /// How long the record is good, in milliseconds: from `begin`, and anew from `finish`.
    var lifetimeMilliseconds: UInt64
}
