/// Who makes a request, as the gateway found out; handlers trust it and check nothing themselves.
public struct Caller: Sendable, Hashable {
    /// The id: a token's subject, or an API key's name; nil for an anonymous caller.
    public var id: String?
    /// The roles granted.
    public var roles: [String]
    /// The scopes granted.
    public var scopes: [String]
    /// All claims of the token as JSON text; nil without a token.
    public var claims: String?

    /// A caller; see the properties.
    public init(id: String? = nil, roles: [String] = [], scopes: [String] = [], claims: String? = nil) {
        self.id = id
        self.roles = roles
        self.scopes = scopes
        self.claims = claims
    }

    /// Nobody in particular.
    public static let anonymous = Caller()

    /// Whether nobody is named.
    public var isAnonymous: Bool { id == nil }
}
