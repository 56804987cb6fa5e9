import JSONCoding
import Manifests

/// How callers prove who they are, as security schemes and requirements (OpenAPI 3.1, sections 4.8.27 and 4.8.30).
enum SecurityDescription {
    /// `securitySchemes` of the manifest's ways; empty where it has none.
    static func schemes(_ auth: AuthSettings?) -> JSONObject {
        var schemes = JSONObject()
        if auth?.jwt != nil {
            schemes[name(.jwt)] = ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]
        }
        if let keys = auth?.apiKeys {
            schemes[name(.apiKey)] = ["type": "apiKey", "in": "header", "name": .string(keys.header)]
        }
        return schemes
    }

    /// `security` of an operation: one of the ways, or none where that will do.
    static func requirements(_ rule: AuthRule, _ auth: AuthSettings?) -> JSONValue {
        let ways = kinds(rule, auth).map { kind -> JSONValue in
            var requirement = JSONObject()
            requirement[name(kind)] = []
            return .object(requirement)
        }
        switch rule {
        case .none: return []
        case .optional: return .array([.object(JSONObject())] + ways)
        case .required: return .array(ways)
        }
    }

    /// The ways that a rule accepts and the manifest has.
    static func kinds(_ rule: AuthRule, _ auth: AuthSettings?) -> [CredentialKind] {
        var kinds: [CredentialKind] = []
        if auth?.jwt != nil { kinds.append(.jwt) }
        if auth?.apiKeys != nil { kinds.append(.apiKey) }
        switch rule {
        case .none: return []
        case .optional: return kinds
        case .required(_, _, let by): return by.isEmpty ? kinds : kinds.filter { by.contains($0) }
        }
    }

    /// Roles and scopes that a caller needs: sentences for people, lists for programs. Neither has a place in the
    /// requirements themselves, which cannot say "one of these roles".
    static func demands(_ rule: AuthRule) -> (sentences: [String], extensions: JSONObject) {
        guard case .required(let roles, let scopes, _) = rule else { return ([], JSONObject()) }
        var sentences: [String] = []
        var extensions = JSONObject()
        if !roles.isEmpty {
            sentences.append("Callers need one of the roles \(list(roles)).")
            extensions["x-roles"] = .array(roles.map { .string($0) })
        }
        if !scopes.isEmpty {
            sentences.append("Callers need all of the scopes \(list(scopes)).")
            extensions["x-scopes"] = .array(scopes.map { .string($0) })
        }
        return (sentences, extensions)
    }

    private static func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }

    private static func name(_ kind: CredentialKind) -> String {
        switch kind {
        case .jwt: "bearer"
        case .apiKey: "apiKey"
        }
    }
}
