/// Who calls the reference API in a test.
enum ShopCaller: String, CaseIterable, Sendable {
    /// No credentials.
    case nobody
    /// A token that another secret has signed.
    case forged
    /// A token that was over before the leeway.
    case expired
    /// Text where a token should be.
    case garbled
    /// A key that is none.
    case wrongKey
    /// User 43, a customer.
    case customer
    /// User 2, of the support.
    case support
    /// User 1, an administrator.
    case admin
    /// The API key `reports`.
    case key

    /// The API key that is let in; the manifest has its hash only.
    static let goodKey = "a key of the end-to-end tests"

    /// The id by which the log names the caller.
    var id: String {
        switch self {
        case .customer, .expired: "43"
        case .support: "2"
        case .admin, .forged: "1"
        case .key: "reports"
        case .nobody, .garbled, .wrongKey: "anonymous"
        }
    }

    /// The header fields that say who it is.
    var headers: [String] {
        get throws {
            switch self {
            case .nobody: []
            case .garbled: ["Authorization: Bearer not.a.token"]
            case .forged:
                [try Self.bearer(id, "admin", secret: "another secret, which nobody was told about")]
            case .expired: [try Self.bearer(id, "customer", lifetime: -31)]
            case .customer: [try Self.bearer(id, "customer")]
            case .support: [try Self.bearer(id, "support")]
            case .admin: [try Self.bearer(id, "admin")]
            case .wrongKey: ["X-API-Key: another key"]
            case .key: ["X-API-Key: \(Self.goodKey)"]
            }
        }
    }

    /// `Authorization` of a user with the scopes of that role.
    static func bearer(
        _ id: String, _ role: String, lifetime: Int = 3600, secret: String = TestToken.secret
    ) throws -> String {
        let scopes = [
            "admin": ["users:read", "users:write", "orders:read", "orders:write", "products:write"],
            "support": ["users:read", "orders:read", "orders:write"],
        ]
        let token = try TestToken.make(
            id: id, roles: [role], scopes: scopes[role] ?? ["orders:read", "orders:write"], lifetime: lifetime,
            secret: secret)
        return "Authorization: Bearer \(token)"
    }
}
