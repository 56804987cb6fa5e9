import JSONCoding
import Manifests
import WireProtocol

/// What the manifest demands of a token's claims, and how they describe a caller.
struct TokenRules: Sendable {
    private let issuer: String?
    private let audience: [String]
    private let leeway: UInt64
    private let names: JWTSettings.Claims

    init(_ settings: JWTSettings) {
        issuer = settings.issuer
        audience = settings.audience
        leeway = NumericDate.milliseconds(settings.leeway)
        names = settings.claims
    }

    /// Checks the payload's claims (RFC 7519, section 4.1) at this time.
    ///
    /// A token is good before `exp` and the leeway have passed, from `nbf` less the leeway on, and not issued later than
    /// now and the leeway. `exp` is demanded.
    /// - Returns: the claims, and until when they are good, in milliseconds since 1970.
    func check(_ payload: [UInt8], unixMilliseconds now: UInt64) throws(RefusalReason) -> (JSONObject, UInt64) {
        let claims = try SignedToken.object(payload)
        guard let expiry = claims["exp"] else { throw .noExpiry }
        guard let time = NumericDate.milliseconds(expiry) else { throw .claims }
        let expires = NumericDate.later(time, by: leeway)
        guard now < expires else { throw .expired }
        if let start = claims["nbf"] {
            guard let time = NumericDate.milliseconds(start) else { throw .claims }
            guard time <= NumericDate.later(now, by: leeway) else { throw .notYetValid }
        }
        if let issued = claims["iat"] {
            guard let time = NumericDate.milliseconds(issued) else { throw .claims }
            guard time <= NumericDate.later(now, by: leeway) else { throw .issuedLater }
        }
        if let issuer, claims["iss"] != .string(issuer) { throw .issuer }
        if !audience.isEmpty, !isMeant(claims["aud"]) { throw .audience }
        return (claims, expires)
    }

    private func isMeant(_ value: JSONValue?) -> Bool {
        switch value {
        case .string: audience.contains { value == .string($0) }
        case .array(let values):
            // All must be text: an audience that is anything else is nobody's.
            values.allSatisfy { $0.stringValue != nil }
                && audience.contains { values.contains(.string($0)) }
        default: false
        }
    }

    /// The caller that the claims describe; of each list of names the first claim that is there, and not null, counts.
    ///
    /// An id is text or a number. Roles are a list, or text that is one role as a whole. Scopes are a list, or text with
    /// spaces between them (RFC 8693, section 4.2). What is neither grants nothing.
    /// - Throws: `claims` for an id that is something else, or empty.
    func caller(_ claims: JSONObject, payload: [UInt8]) throws(RefusalReason) -> Caller {
        var caller = Caller(claims: String(decoding: payload, as: UTF8.self))
        switch first(names.id, in: claims) {
        case nil: break
        case .string(let text) where !text.isEmpty: caller.id = text
        case .number(let number): caller.id = number.text
        default: throw .claims
        }
        switch first(names.roles, in: claims) {
        case .string(let role) where !role.isEmpty: caller.roles = [role]
        case .array(let values): caller.roles = values.compactMap(\.stringValue)
        default: break
        }
        switch first(names.scopes, in: claims) {
        case .string(let text): caller.scopes = text.split(separator: " ").map(String.init)
        case .array(let values): caller.scopes = values.compactMap(\.stringValue)
        default: break
        }
        return caller
    }

    private func first(_ names: [String], in claims: JSONObject) -> JSONValue? {
        for name in names {
            if let value = claims[name], value != .null { return value }
        }
        return nil
    }
}
