/// What a token says, by the names of RFC 7519 section 4.1; `scope` is that of RFC 8693 section 4.2.
struct TokenClaims: Codable, Sendable, Equatable {
    /// The user's id.
    var sub: String
    /// What the user is.
    var roles: [String]
    /// What the user may do, with spaces between.
    var scope: String
    /// When the token was made, in seconds since 1970.
    var iat: Int
    /// From when on it is good no more.
    var exp: Int
    /// Who made it, where that is set up.
    var iss: String?
    /// For whom it is, where that is set up.
    var aud: String?
}
