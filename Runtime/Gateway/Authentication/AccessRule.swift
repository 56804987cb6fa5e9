import Manifests
import WireProtocol

/// A function's `auth`, with every answer to those who may not call it made beforehand.
final class AccessRule: Sendable {
    /// What is asked of a caller.
    enum Demand: Sendable, Equatable {
        case none
        case optional
        case required
    }

    /// What is asked.
    let demand: Demand
    /// Any of these; empty: whatever roles.
    let roles: [String]
    /// All of these.
    let scopes: [String]
    /// Whether a bearer token will do.
    let takesTokens: Bool
    /// Whether an API key will do.
    let takesKeys: Bool

    private let noToken: APIError
    private let invalidToken: APIError
    private let invalidKey: APIError
    private let missingRole: APIError
    private let missingScope: APIError
    private let twoCredentials: APIError

    /// - Parameters:
    ///   - rule: what the manifest says.
    ///   - settings: the ways that the manifest has.
    ///   - realm: the manifest's name.
    init(_ rule: AuthRule, _ settings: AuthSettings?, realm: String) {
        var ways: [CredentialKind] = []
        switch rule {
        case .none: (demand, roles, scopes) = (.none, [], [])
        case .optional: (demand, roles, scopes) = (.optional, [], [])
        case .required(let roles, let scopes, let by):
            demand = .required
            self.roles = roles
            self.scopes = scopes
            ways = by
        }
        takesTokens = settings?.jwt != nil && (ways.isEmpty || ways.contains(.jwt))
        takesKeys = settings?.apiKeys != nil && (ways.isEmpty || ways.contains(.apiKey))
        let challenges = AuthChallenges(realm: realm, tokens: takesTokens, keys: takesKeys)
        noToken = APIError(.noToken, headers: challenges.headers())
        invalidToken = APIError(.invalidToken, headers: challenges.headers(tokenError: "invalid_token"))
        invalidKey = APIError(.invalidToken, headers: challenges.headers(keyError: "invalid_token"))
        missingRole = APIError(.forbidden)
        missingScope = APIError(.forbidden, headers: challenges.insufficient(scopes))
        twoCredentials = APIError(.badRequest, "Send one credential, not two")
    }

    /// Lets a caller in whose credential is good: with any of the roles and all of the scopes, each compared byte by byte.
    ///
    /// - Throws: 401 for nobody where somebody is asked for, 403 for a missing role or scope.
    func authorize(_ identity: Identity) throws(Refusal) {
        guard demand == .required else { return }
        guard let credential = identity.credential else { throw refusal(.noCredential) }
        guard credential == .jwt ? takesTokens : takesKeys else { throw refusal(.notTaken) }
        if !roles.isEmpty, !roles.contains(where: { Self.contains(identity.caller.roles, $0) }) {
            throw refusal(.role, of: identity)
        }
        if !scopes.isEmpty, !scopes.allSatisfy({ Self.contains(identity.caller.scopes, $0) }) {
            throw refusal(.scope, of: identity)
        }
    }

    /// The answer to a caller who is not let in.
    ///
    /// - Parameters:
    ///   - retryAfter: seconds, where nobody can be verified.
    ///   - identity: who it is, where a good credential showed it.
    func refusal(_ reason: RefusalReason, retryAfter: Int = 1, of identity: Identity? = nil) -> Refusal {
        let error: APIError =
            switch reason {
            case .twoCredentials: twoCredentials
            case .noCredential, .otherScheme: noToken
            case .unknownAPIKey, .expiredAPIKey: invalidKey
            case .role: missingRole
            case .scope: missingScope
            case .keysUnavailable: APIError(.authUnavailable, headers: ["retry-after": String(max(1, retryAfter))])
            case .overloaded: APIError(.overloaded, headers: ["retry-after": String(max(1, retryAfter))])
            default: invalidToken
            }
        return Refusal(error: error, reason: reason, identity: identity)
    }

    /// Swift takes texts as equal that look alike but are written in different bytes; rights are not given by looks.
    private static func contains(_ granted: [String], _ wanted: String) -> Bool {
        granted.contains { $0.utf8.count == wanted.utf8.count && $0 == wanted && $0.utf8.elementsEqual(wanted.utf8) }
    }
}
