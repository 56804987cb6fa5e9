import Foundation
import Shop
import Testing

@testable import IssueToken

@Suite struct TokenIssuerTests {
    static let secret = "a secret of the tests, 32 bytes and more"

    /// The claims of a token whose signature `openssl` has made too.
    static func verified(_ token: String, secret: String = secret) throws -> TokenClaims {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        try #require(parts.count == 3)
        #expect(try bytes(parts[0]) == Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
        #expect(try bytes(parts[2]) == code(of: parts[0] + "." + parts[1], secret: secret))
        return try JSONDecoder().decode(TokenClaims.self, from: bytes(parts[1]))
    }

    /// Decoded strictly: the alphabet of RFC 4648 section 5, and no padding.
    static func bytes(_ text: String) throws -> Data {
        #expect(!text.contains { "+/=".contains($0) })
        let standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padding = String(repeating: "=", count: (4 - standard.count % 4) % 4)
        return try #require(Data(base64Encoded: standard + padding))
    }

    private static func code(of text: String, secret: String) throws -> Data {
        let key = secret.utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = ["dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:\(key)", "-binary"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let code = try output.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        return try #require(code)
    }

    @Test(
        "a token says who, what and how long, and openssl agrees with its signature",
        arguments: [
            (1, Role.admin, "users:read users:write orders:read orders:write products:write"),
            (2, .support, "users:read orders:read orders:write"), (Int.max, .customer, "orders:read orders:write"),
        ])
    func claims(user: Int, role: Role, scope: String) throws {
        let issuer = try TokenIssuer(secret: Self.secret, lifetime: TokenLifetime("90s"))
        let claims = try Self.verified(issuer.token(for: user, role: role, at: 1_800_000_000))
        #expect(
            claims
                == TokenClaims(
                    sub: "\(user)", roles: [role.rawValue], scope: scope, iat: 1_800_000_000, exp: 1_800_000_090))
        #expect(issuer.lifetime == 90)
    }

    @Test("issuer and audience stand in it where they are set up, whatever they hold")
    func parties() throws {
        let issuer = try TokenIssuer(secret: Self.secret, issuer: "https://shop.example.com", audience: "a\"b\\\n")
        let token = try issuer.token(for: 5, role: .customer, at: 1)
        let claims = try Self.verified(token)
        #expect(claims.iss == "https://shop.example.com")
        #expect(claims.aud == "a\"b\\\n")
        #expect(claims.exp == 1 + 24 * 3600)
        let plain = try TokenIssuer(secret: Self.secret).token(for: 5, role: .customer, at: 1)
        let payload = try #require(
            try JSONSerialization.jsonObject(with: Self.bytes(String(plain.split(separator: ".")[1]))) as? [String: Any]
        )
        #expect(payload.keys.sorted() == ["exp", "iat", "roles", "scope", "sub"])
    }

    @Test("another secret makes another signature, and a moment that is too late does no harm")
    func secrets() throws {
        let other = "another secret of the tests, 32 bytes too"
        let tokens = try [Self.secret, other].map { try TokenIssuer(secret: $0).token(for: 1, role: .admin, at: 7) }
        #expect(tokens[0] != tokens[1])
        #expect(tokens[0].split(separator: ".")[1] == tokens[1].split(separator: ".")[1])
        _ = try Self.verified(tokens[1], secret: other)
        _ = try TokenIssuer(secret: other).token(for: 1, role: .admin, at: .max)
    }

    @Test("a secret has 32 bytes at least", arguments: [(31, false), (32, true), (200, true)])
    func secretLength(count: Int, isGood: Bool) {
        #expect(((try? TokenIssuer(secret: String(repeating: "s", count: count))) != nil) == isGood)
        #expect(((try? TokenIssuer(secret: String(repeating: "ß", count: count / 2))) != nil) == isGood)
    }

    @Test(
        "a lifetime is whole seconds with a unit, up to a year",
        arguments: [
            ("1s", 1), ("90s", 90), ("15m", 900), ("24h", 86_400), ("8784h", 31_622_400), ("2000ms", 2),
            ("", nil), ("24", nil), ("h", nil), ("0s", nil), ("1500ms", nil), ("0ms", nil), ("8785h", nil),
            ("-1h", nil),
            ("+1h", nil), ("1.5h", nil), (" 1h", nil), ("1h ", nil), ("1H", nil), ("1d", nil), ("1h30m", nil),
            ("999999999h", nil), ("9999999999s", nil), ("99999999999999999999h", nil), ("١h", nil), ("1hours", nil),
        ] as [(String, Int?)])
    func lifetimes(text: String, seconds: Int?) {
        #expect((try? TokenLifetime(text))?.seconds == seconds)
    }

    @Test(
        "bytes are written as RFC 4648 has them, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"), ("\u{FF}\u{FFFF}?>", "w7_vv78_Pg"),
        ])
    func base64(text: String, expected: String) throws {
        #expect(Base64URL.text(Array(text.utf8)) == expected)
        #expect(try Self.bytes(expected) == Data(text.utf8))
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(try Self.bytes(Base64URL.text(bytes)) == Data(bytes))
        }
    }
}
