import Crypto
import Foundation

/// Tokens as the reference API's own sign-in makes them, and some that it never would.
enum TestToken {
    /// What the served manifests have as `JWT_SECRET`.
    static let secret = "the secret of the end-to-end tests, long enough"

    /// A JWT signed by HMAC with SHA-256. `lifetime`: how many seconds it is good from now on; less than 0 when it is
    /// so long over.
    static func make(
        id: String, roles: [String], scopes: [String] = [], lifetime: Int = 3600, secret: String = secret
    ) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims: [String: Any] = [
            "sub": id, "roles": roles, "scope": scopes.joined(separator: " "), "iat": now - 7200, "exp": now + lifetime,
        ]
        let head = text(Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
        let signed = head + "." + text(try JSONSerialization.data(withJSONObject: claims))
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(signed.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return signed + "." + text(Data(code))
    }

    /// SHA-256 of a text, in hexadecimal.
    static func sha256(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The claims of a token, unverified.
    static func claims(_ token: String) throws -> [String: Any] {
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { throw TestFailure("no token: \(token)") }
        let standard = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        let padded = standard + String(repeating: "=", count: (4 - standard.count % 4) % 4)
        guard let data = Data(base64Encoded: String(padded)),
            let claims = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { throw TestFailure("no claims: \(token)") }
        return claims
    }

    private static func text(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
