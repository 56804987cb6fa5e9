import Shop

extension Role {
    /// The scopes that a token of this role has.
    var scopes: [String] {
        switch self {
        case .admin: ["users:read", "users:write", "orders:read", "orders:write", "products:write"]
        case .support: ["users:read", "orders:read", "orders:write"]
        case .customer: ["orders:read", "orders:write"]
        }
    }
}
