import Crypto
import FunctionKit
import Shop

/// Makes the shop's tokens: JWTs signed by HMAC with SHA-256 (RFC 7519, RFC 7515, `HS256` of RFC 7518 section 3.2).
struct TokenIssuer: Sendable {
    /// Why there can be no tokens, as a sentence.
    struct Misconfigured: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    private let key: SymmetricKey
    private let issuer: String?
    private let audience: String?
    /// How long a token is good, in seconds.
    let lifetime: Int

    /// Throws unless the secret has 32 bytes at least, as many as the hash (RFC 7518 section 3.2).
    init(secret: String, lifetime: TokenLifetime = .standard, issuer: String? = nil, audience: String? = nil)
        throws(Misconfigured)
    {
        guard secret.utf8.count >= 32 else {
            throw Misconfigured(description: "JWT_SECRET must have 32 bytes at least")
        }
        key = SymmetricKey(data: Array(secret.utf8))
        self.lifetime = lifetime.seconds
        self.issuer = issuer
        self.audience = audience
    }

    /// From `JWT_SECRET`, and `JWT_EXPIRES_IN`, `JWT_ISSUER` and `JWT_AUDIENCE` where they are set.
    init(_ startup: Startup) throws {
        func value(_ name: String) -> String? { startup.environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        try self.init(
            secret: startup.require("JWT_SECRET"),
            lifetime: value("JWT_EXPIRES_IN").map { text throws(TokenLifetime.Malformed) in try TokenLifetime(text) }
                ?? .standard,
            issuer: value("JWT_ISSUER"), audience: value("JWT_AUDIENCE"))
    }

    /// A token for a user. `now`: the time in seconds since 1970.
    func token(for user: Int, role: Role, at now: Int) throws -> String {
        let claims = TokenClaims(
            sub: String(user), roles: [role.rawValue], scope: role.scopes.joined(separator: " "), iat: now,
            exp: now &+ lifetime, iss: issuer, aud: audience)
        // As an answer would be written: by the runtime's own coder, its members in their order.
        let signed = Self.header + "." + Base64URL.text(try Response.json(claims).body)
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)
        return signed + "." + Base64URL.text(code)
    }

    private static let header = Base64URL.text(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
}
