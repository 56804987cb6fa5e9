import WireProtocol

/// `WWW-Authenticate` (RFC 9110, section 11.6.1; RFC 6750, section 3): one field for each way that is taken.
struct AuthChallenges {
    private let realm: String
    private let tokens: Bool
    private let keys: Bool

    init(realm: String, tokens: Bool, keys: Bool) {
        self.realm = Self.quoted(realm)
        // A 401 has one challenge at least.
        self.tokens = tokens || !keys
        self.keys = keys
    }

    /// The challenges, with the error behind the way that was tried.
    func headers(tokenError: String? = nil, keyError: String? = nil) -> HeaderList {
        var list = HeaderList()
        if tokens { list.append("www-authenticate", "Bearer realm=\(realm)" + Self.suffix(tokenError)) }
        if keys {
            // Where tokens are not taken, a wrong token is told so by the one challenge there is.
            let error = keyError ?? (tokens ? nil : tokenError)
            list.append("www-authenticate", "ApiKey realm=\(realm)" + Self.suffix(error))
        }
        return list
    }

    /// The challenge to a caller without the scopes.
    func insufficient(_ scopes: [String]) -> HeaderList {
        let scheme = tokens ? "Bearer" : "ApiKey"
        let scope = Self.quoted(scopes.joined(separator: " "))
        return ["www-authenticate": "\(scheme) realm=\(realm), error=\"insufficient_scope\", scope=\(scope)"]
    }

    private static func suffix(_ error: String?) -> String { error.map { ", error=\"\($0)\"" } ?? "" }

    /// A quoted string (RFC 9110, section 5.6.4); what is not visible ASCII becomes `?`.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case " "..."~": quoted.unicodeScalars.append(scalar)
            default: quoted += "?"
            }
        }
        return quoted + "\""
    }
}
