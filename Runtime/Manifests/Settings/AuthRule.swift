/// A function's `auth`: who may call it.
public enum AuthRule: Sendable, Equatable {
    /// Anybody; credentials are not looked at.
    case none
    /// Anybody, but a credential that is shown must be good.
    case optional
    /// A caller with a good credential: with any of `roles` (empty: whatever roles), all of `scopes`, shown in
    /// one of the ways `by` (empty: any way that the manifest has).
    case required(roles: [String] = [], scopes: [String] = [], by: [CredentialKind] = [])
}
