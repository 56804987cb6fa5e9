import Crypto
import JSONCoding
import Manifests

/// Makes tokens that this gateway accepts, by the manifest's secret: for `swiftlet token`, for trying things.
public struct TokenSigner: Sendable {
    /// Why no token can be made.
    public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
        /// A sentence for the person at the terminal.
        public let description: String
    }

    private let settings: JWTSettings
    private let algorithm: JWTAlgorithm
    private let key: SymmetricKey

    /// A signer by these settings.
    ///
    /// - Throws: a `Fault` where they have no secret, or none that is long enough.
    public init(_ settings: JWTSettings?) throws(Fault) {
        guard let settings else {
            throw Fault(description: "The manifest has no `auth.jwt`, so no token would be accepted")
        }
        guard case .secret(let secret) = settings.keys else {
            throw Fault(description: "Tokens are signed by the issuer's private key, which this server does not have")
        }
        let usable = settings.algorithms.first { $0.isSymmetric && secret.utf8.count >= $0.secretBytes }
        guard let usable else {
            throw Fault(description: "The secret is too short for the manifest's algorithms")
        }
        self.settings = settings
        algorithm = usable
        key = SymmetricKey(data: Array(secret.utf8))
    }

    /// A token (RFC 7519) with `iat`, `exp`, the manifest's issuer and first audience, and the caller by the first name of
    /// each of `auth.jwt.claims`: roles as a list, scopes as text with spaces between them.
    ///
    /// - Parameters:
    ///   - validFor: by default the manifest's `expiresIn`.
    ///   - unixSeconds: the time of day.
    public func token(
        id: String, roles: [String] = [], scopes: [String] = [], validFor: Duration? = nil, unixSeconds: Int64
    ) -> String {
        var claims = JSONObject()
        if !roles.isEmpty { claims[settings.claims.roles.first ?? "roles"] = .array(roles.map { .string($0) }) }
        if !scopes.isEmpty {
            claims[settings.claims.scopes.first ?? "scope"] = .string(scopes.joined(separator: " "))
        }
        claims[settings.claims.id.first ?? "sub"] = .string(id)
        if let issuer = settings.issuer { claims["iss"] = .string(issuer) }
        if let audience = settings.audience.first { claims["aud"] = .string(audience) }
        let seconds = max(1, (validFor ?? settings.expiresIn).components.seconds)
        let (expires, overflows) = unixSeconds.addingReportingOverflow(seconds)
        claims["iat"] = .number(JSONNumber(unixSeconds))
        claims["exp"] = .number(JSONNumber(overflows ? .max : expires))
        let header = JSONValue.object(["alg": .string(algorithm.rawValue), "typ": "JWT"])
        let signed =
            Base64URL.encode(header.serialize()) + "." + Base64URL.encode(JSONValue.object(claims).serialize())
        return signed + "." + Base64URL.encode(signature(Array(signed.utf8)))
    }

    private func signature(_ bytes: [UInt8]) -> [UInt8] {
        switch algorithm {
        case .hs384: Array(HMAC<SHA384>.authenticationCode(for: bytes, using: key))
        case .hs512: Array(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
        default: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        }
    }
}
