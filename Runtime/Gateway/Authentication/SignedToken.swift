import JSONCoding
import Manifests

/// A token in the compact form (RFC 7515, section 3.1) whose shape and header are in order and whose signature has not
/// been looked at. Nothing of it may be believed.
struct SignedToken: Sendable {
    /// The longest token, in bytes.
    static let longest = 8192

    /// The token as it came.
    let bytes: [UInt8]
    /// How many of the bytes are signed: header, period, payload.
    let signedCount: Int
    /// The payload, decoded from those same bytes.
    let payload: [UInt8]
    /// The signature, decoded.
    let signature: [UInt8]
    /// The header's algorithm, which is one of those allowed.
    let algorithm: Manifests.JWTAlgorithm
    /// The header's key id, for looking a key up by equality and for nothing else.
    let keyID: [UInt8]?

    /// Takes a token apart.
    ///
    /// `jwk`, `jku`, `x5u` and `x5c` in the header are not looked at: keys come from the manifest.
    /// - Parameter allowed: the algorithms of the manifest; which one fits the key is seen when the key is known.
    init(_ token: [UInt8], allowed: [Manifests.JWTAlgorithm]) throws(RefusalReason) {
        guard token.count <= Self.longest else { throw .tooLong }
        var periods: [Int] = []
        for (index, byte) in token.enumerated() where byte == UInt8(ascii: ".") {
            periods.append(index)
            if periods.count > 4 { throw .malformed }
        }
        // Five parts are an encrypted token (RFC 7516, section 3.1).
        guard periods.count == 2 else { throw periods.count == 4 ? .encrypted : .malformed }
        guard let header = Base64URL.decode(token[..<periods[0]]),
            let payload = Base64URL.decode(token[(periods[0] + 1)..<periods[1]]),
            let signature = Base64URL.decode(token[(periods[1] + 1)...])
        else { throw .malformed }
        bytes = token
        signedCount = periods[1]
        self.payload = payload
        self.signature = signature
        (algorithm, keyID) = try Self.read(header, allowed)
        // After the header: "not signed" says more where both are true.
        if signature.isEmpty { throw .signature }
    }

    /// What is signed.
    var signed: ArraySlice<UInt8> { bytes[..<signedCount] }

    private static func read(
        _ header: [UInt8], _ allowed: [Manifests.JWTAlgorithm]
    ) throws(RefusalReason) -> (Manifests.JWTAlgorithm, [UInt8]?) {
        let members = try object(header)
        // Extensions that must be understood: none is (RFC 7515, section 4.1.11). `b64` would change what is signed (RFC
        // 7797).
        if members["crit"] != nil { throw .critical }
        if let encoded = members["b64"], encoded != .bool(true) { throw .critical }
        if let type = members["typ"] {
            guard case .string(let text) = type, isAccessToken(text) else { throw .type }
        }
        guard case .string(let name)? = members["alg"] else { throw .unsigned }
        if name.utf8.elementsEqual("none".utf8, by: { $0.lowered == $1 }) { throw .unsigned }
        guard let algorithm = allowed.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) }) else {
            throw .algorithm
        }
        switch members["kid"] {
        case nil: return (algorithm, nil)
        case .string(let id): return (algorithm, Array(id.utf8))
        default: throw .keyID
        }
    }

    /// `JWT`, or `at+jwt` (RFC 9068, section 2.1), with or without `application/` (RFC 7515, section 4.1.9).
    private static func isAccessToken(_ type: String) -> Bool {
        var name = Array(type.utf8).map(\.lowered)
        let prefix = Array("application/".utf8)
        if name.starts(with: prefix) { name.removeFirst(prefix.count) }
        return name == Array("jwt".utf8) || name == Array("at+jwt".utf8)
    }

    /// A JSON object each of whose members is there once.
    static func object(_ json: [UInt8]) throws(RefusalReason) -> JSONObject {
        let limits = JSONLimits(maxDepth: 32, maxBytes: longest)
        guard case .object(let members)? = try? JSONValue.parse(json, limits: limits) else { throw .malformed }
        return members
    }
}
