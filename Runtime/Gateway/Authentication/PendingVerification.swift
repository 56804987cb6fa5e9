/// A token that is in order but for its signature, which must be verified away from the event loop.
struct PendingVerification: Sendable {
    /// The token.
    let token: SignedToken
    /// The rule of the function that it was shown to.
    let rule: AccessRule
    /// Of which key set the answer will be; see `KeySetSource.epoch`.
    let epoch: UInt64
}
