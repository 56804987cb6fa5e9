import Manifests
import WireProtocol

/// A caller as a part of a cache key: everything that a handler is told of it, byte for byte.
///
/// Two callers have the same one only where no handler could tell them apart: kind of credential, id, roles, scopes and
/// claims all count, so that a role that was taken away, or a token with another claim, never meets an older answer.
/// Costs a copy of the claims: make it once a credential and keep it beside the verified one.
struct CallerIdentity: Sendable, Equatable {
    let bytes: [UInt8]

    /// Nobody in particular; never equal to a named caller.
    static let anonymous = CallerIdentity(.anonymous, by: nil)

    /// - Parameter kind: how the caller proved who it is; nil: it did not.
    init(_ caller: Caller, by kind: CredentialKind?) {
        var parts = KeyWriter()
        let proof: UInt8 =
            switch kind {
            case nil: 0
            case .jwt: 1
            case .apiKey: 2
            }
        parts.byte(proof)
        parts.optional(caller.id)
        parts.list(caller.roles)
        parts.list(caller.scopes)
        parts.optional(caller.claims)
        bytes = parts.bytes
    }
}
