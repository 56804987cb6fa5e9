import Crypto

/// A new API key, for `swiftlet key`: shown once, kept nowhere.
public struct APIKey: Sendable {
    /// The key: `swl_` and 32 random bytes in base64url, 47 characters.
    public let text: String
    /// The SHA-256 of the key, in hexadecimal: what the manifest holds.
    public let hash: String

    /// Makes a key from the system's random numbers.
    public static func make() -> APIKey {
        var system = SystemRandomNumberGenerator()
        return make(using: &system)
    }

    static func make(using generator: inout some RandomNumberGenerator) -> APIKey {
        let random = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let text = "swl_" + Base64URL.encode(random)
        let digits = Array("0123456789abcdef")
        let hash = SHA256.hash(data: Array(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return APIKey(text: text, hash: String(hash))
    }

    /// The line for the manifest's `auth.apiKeys.keys`.
    ///
    /// - Parameters: what the manifest's key has; `expires` is a date, `2027-01-01`.
    public func manifestLine(name: String, roles: [String] = [], scopes: [String] = [], expires: String? = nil)
        -> String
    {
        var members = ["sha256: [\"\(hash)\"]"]
        if !roles.isEmpty { members.append("roles: [\(roles.map(Self.quoted).joined(separator: ", "))]") }
        if !scopes.isEmpty { members.append("scopes: [\(scopes.map(Self.quoted).joined(separator: ", "))]") }
        if let expires { members.append("expires: \(expires)") }
        return "\(Self.quoted(name)): {\(members.joined(separator: ", "))}"
    }

    /// A YAML scalar: as it is where that is a plain word that YAML takes for text, else in double quotes.
    private static func quoted(_ text: String) -> String {
        let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        let isPlain =
            text.utf8.first.map { (65...90).contains($0) || (97...122).contains($0) } ?? false
            && !words.contains(text.lowercased())
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
        if isPlain { return text }
        return "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }
}
