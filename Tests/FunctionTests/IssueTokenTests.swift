import Foundation
import FunctionKit
import Postgres
import Shop
import Testing

@testable import IssueToken

@Suite struct IssueTokenTests {
    static func startup(_ environment: [String: String] = [:]) throws -> Startup {
        let shop = try shopStartup()
        let own = shop.environment.merging(["JWT_SECRET": TokenIssuerTests.secret]) { $1 }
        return try .test(environment: own.merging(environment) { $1 })
    }

    static func signIn(_ function: IssueToken, _ email: String, _ password: String) async throws
        -> IssueToken.AccessToken
    {
        let response = try await function.handle(.init(email: email, password: password), .test())
        #expect(response.status == .ok)
        #expect(response.headers["cache-control"] == "no-store")
        #expect(response.headers["content-type"] == "application/json")
        return try JSONDecoder().decode(IssueToken.AccessToken.self, from: Data(response.body))
    }

    @Test(
        "the right password of each role gives a token of that role, however the address is written",
        arguments: [
            ("alan.bartik.1@example.com", "1", "admin"), ("BARBARA.Dijkstra.2@Example.COM", "2", "support"),
            ("carla.hamilton.3@example.com", "3", "customer"),
        ])
    func signedIn(email: String, id: String, role: String) async throws {
        let function = try await IssueToken(Self.startup(["JWT_EXPIRES_IN": "15m"]))
        let before = Int(Date().timeIntervalSince1970)
        let token = try await Self.signIn(function, email, "swiftlet")
        let after = Int(Date().timeIntervalSince1970)
        #expect(token.tokenType == "Bearer")
        #expect(token.expiresIn == 900)
        let claims = try TokenIssuerTests.verified(token.accessToken)
        #expect(claims.sub == id)
        #expect(claims.roles == [role])
        #expect(claims.scope.split(separator: " ").contains("users:write") == (role == "admin"))
        #expect(claims.exp == claims.iat + 900)
        #expect((before...after).contains(claims.iat))
    }

    @Test(
        "whatever is wrong, the answer is the same",
        arguments: [
            ("alan.bartik.1@example.com", "Swiftlet"), ("alan.bartik.1@example.com", ""),
            ("alan.bartik.1@example.com", "swiftlet "), ("nobody@example.com", "swiftlet"), ("", ""),
            ("alan.bartik.1@example.com\0", "swiftlet"), ("alan.bartik.1@example.com", "swiftlet\0"),
            ("%", "swiftlet"), ("' OR true --", "swiftlet"), ("no.password@example.com", "swiftlet"),
            ("no.password@example.com", ""), ("long@example.com", String(repeating: "p", count: 73)),
            ("alan.bartik.1@example.com", String(repeating: "\u{10FFFF}", count: 10_000)),
        ])
    func refused(email: String, password: String) async throws {
        let startup = try Self.startup()
        try await PostgresPool(startup).execute(
            """
            INSERT INTO users (name, email, password_hash) VALUES ('No', 'no.password@example.com', NULL),
                ('Long', 'long@example.com', crypt(repeat('p', 72), gen_salt('bf', 4)))
            """)
        let function = try await IssueToken(startup)
        let error = await apiError { _ = try await Self.signIn(function, email, password) }
        #expect(error == IssueToken.refusal)
        #expect(error?.status.code == 401)
    }

    @Test("a password of 72 bytes is good, and so is what CreateUser stores")
    func longest() async throws {
        let startup = try Self.startup()
        let password = String(repeating: "ß", count: 36)
        try await PostgresPool(startup).execute(
            """
            INSERT INTO users (name, email, password_hash)
            VALUES ('Long', 'long@example.com', crypt(\(password)::text, gen_salt('bf', 10)))
            """)
        let function = try await IssueToken(startup)
        let token = try await Self.signIn(function, "long@example.com", password)
        #expect(try TokenIssuerTests.verified(token.accessToken).sub == "1001")
    }

    @Test("an address that nobody has takes as long to refuse as a wrong password")
    func timing() async throws {
        let function = try await IssueToken(Self.startup())
        var fastest: [String: Duration] = [:]
        // The fastest of some is the work itself, without what else the machine does.
        for _ in 0..<6 {
            for email in ["alan.bartik.1@example.com", "nobody@example.com"] {
                let start = ContinuousClock.now
                _ = await apiError { _ = try await Self.signIn(function, email, "wrong") }
                fastest[email] = min(fastest[email] ?? .seconds(60), start.duration(to: .now))
            }
        }
        let wrong = try #require(fastest["alan.bartik.1@example.com"])
        let unknown = try #require(fastest["nobody@example.com"])
        #expect(wrong > .milliseconds(5))
        #expect(unknown > wrong / 4 && unknown < wrong * 4, "\(fastest)")
    }

    @Test(
        "without a good secret and lifetime it does not start, and says why without the secret",
        arguments: [
            (["JWT_SECRET": ""], "JWT_SECRET"), (["JWT_SECRET": "hunter2"], "32 bytes"),
            (["JWT_EXPIRES_IN": "soon"], "JWT_EXPIRES_IN"),
        ])
    func misconfigured(environment: [String: String], words: String) async throws {
        let startup = try Self.startup(environment)
        let error = await #expect(throws: (any Error).self) { _ = try await IssueToken(startup) }
        let text = try #require(error.map { "\($0)" })
        #expect(text.contains(words))
        #expect(!text.contains("hunter2"))
    }
}
