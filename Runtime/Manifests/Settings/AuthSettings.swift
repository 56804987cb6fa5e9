/// `auth`: how callers prove who they are; at least one way is set.
public struct AuthSettings: Sendable, Equatable {
    /// Bearer tokens; nil: not taken.
    public var jwt: JWTSettings?
    /// API keys; nil: not taken.
    public var apiKeys: APIKeySettings?

    /// Makes the settings.
    public init(jwt: JWTSettings? = nil, apiKeys: APIKeySettings? = nil) {
        self.jwt = jwt
        self.apiKeys = apiKeys
    }
}
