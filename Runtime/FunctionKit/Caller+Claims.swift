import JSONCoding

extension Caller {
    /// The claims of the caller's token; nil without a token. Throws when they are not of that type.
    public func claims<Claims: Decodable>(as type: Claims.Type) throws -> Claims? {
        guard let claims else { return nil }
        return try JSONDecoding.decode(type, from: Array(claims.utf8))
    }

    /// Whether the caller has this role.
    public func has(role: String) -> Bool { roles.contains(role) }

    /// Whether the caller has this scope.
    public func has(scope: String) -> Bool { scopes.contains(scope) }
}
