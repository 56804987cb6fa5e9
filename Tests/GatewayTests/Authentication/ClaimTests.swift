import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("From claims to the caller")
struct ClaimTests {
    private static func caller(
        _ members: String, _ change: (inout JWTSettings) -> Void = { _ in }
    ) async -> Caller? {
        let fixture = AuthFixture { change(&$0) }
        return await fixture.ask(token: TokenMint.hs256(TokenMint.claims(members))).caller
    }

    @Test(
        "the id is text or a number, by the first claim that is there",
        arguments: [
            (#""sub":"42""#, "42"), (#""sub":42"#, "42"), (#""userId":"7""#, "7"), (#""sub":"a","userId":"b""#, "a"),
            (#""sub":null,"userId":"b""#, "b"),
            (#""sub":123456789012345678901234567890"#, "123456789012345678901234567890"),
            (#""sub":"Zoë \"x\"\n""#, "Zoë \"x\"\n"), (#""name":"x""#, nil),
        ] as [(String, String?)])
    func ids(_ members: String, _ id: String?) async {
        let caller = await Self.caller(members)
        #expect(caller != nil)
        #expect(caller?.id == id)
        #expect(caller?.claims == TokenMint.claims(members))
    }

    @Test(
        "roles are a list, or one text that is one role",
        arguments: [
            (#""roles":["admin","support"]"#, ["admin", "support"]), (#""role":"admin""#, ["admin"]),
            (#""roles":"admin support""#, ["admin support"]), (#""roles":[],"role":"admin""#, []),
            (#""roles":null,"role":"admin""#, ["admin"]), (#""roles":[1,"admin",null,["x"]]"#, ["admin"]),
            (#""roles":{"admin":true}"#, []), (#""roles":1"#, []), (#""roles":"""#, []), (#""sub":"1""#, []),
        ])
    func roles(_ members: String, _ roles: [String]) async {
        #expect(await Self.caller(members)?.roles == roles)
    }

    @Test(
        "scopes are a list, or text with spaces between them",
        arguments: [
            (#""scope":"users:read users:write""#, ["users:read", "users:write"]), (#""scope":"a""#, ["a"]),
            (#""scope":"  a   b ""#, ["a", "b"]), (#""scp":["a","b c"]"#, ["a", "b c"]),
            (#""scp":"a b""#, ["a", "b"]), (#""scope":"a","scp":["b"]"#, ["a"]), (#""scope":"""#, []),
            (#""scope":7"#, []), (#""sub":"1""#, []),
        ])
    func scopes(_ members: String, _ scopes: [String]) async {
        #expect(await Self.caller(members)?.scopes == scopes)
    }

    @Test("the names of the claims are the manifest's")
    func names() async {
        let caller = await Self.caller(
            #""sub":"no","https://shop.example/id":"42","groups":["admin"],"permissions":"a b""#
        ) {
            $0.claims.id = ["https://shop.example/id"]
            $0.claims.roles = ["groups"]
            $0.claims.scopes = ["permissions"]
        }
        #expect(caller?.id == "42")
        #expect(caller?.roles == ["admin"])
        #expect(caller?.scopes == ["a", "b"])
    }

    @Test(
        "times are good within the leeway, with fractions and without",
        arguments: [
            #""exp":\#(TokenMint.now - 29)"#, #""exp":\#(TokenMint.now - 30).001"#, #""exp":\#(TokenMint.now + 1)e0"#,
            #""exp":1e300"#, #""exp":9223372036854775807"#, #""exp":99999999999999999999999999"#,
            #""exp":\#(TokenMint.now + 9),"nbf":\#(TokenMint.now + 30)"#,
            #""exp":\#(TokenMint.now + 9),"iat":\#(TokenMint.now + 30).0"#,
            #""exp":\#(TokenMint.now + 9),"nbf":-1e300"#,
            #""exp":\#(TokenMint.now + 9),"iat":-9223372036854775808"#,
        ])
    func times(_ members: String) async {
        #expect(await AuthFixture().reason(token: TokenMint.hs256("{\(members)}")) == nil)
    }

    @Test("a token is good until its expiry and the leeway have passed, remembered or not")
    func expiry() async {
        let fixture = AuthFixture()
        let token = TokenMint.hs256(#"{"sub":"42","exp":\#(TokenMint.now + 10)}"#)
        #expect(await fixture.ask(token: token).caller?.id == "42")
        fixture.now = (TokenMint.now + 40) * 1000 - 1
        #expect(await fixture.ask(token: token).caller?.id == "42")
        #expect(fixture.verifications == 1)
        fixture.now += 1
        #expect(await fixture.reason(token: token) == .expired)
        #expect(fixture.memory.count == 0)
    }

    @Test("two callers differ in tables, and one caller's tokens do not")
    func tables() async throws {
        func identity(_ payload: String) async throws -> Identity {
            try await AuthFixture().ask(token: TokenMint.hs256(payload)).get()
        }
        let first = try await identity(TokenMint.claims(#""sub":"42""#))
        let second = try await identity(TokenMint.claims(#""sub":"42","roles":["admin"]"#))
        let other = try await identity(TokenMint.claims(#""sub":"43""#))
        let nameless = try await identity(TokenMint.claims(#""roles":["admin"]"#))
        let nameless2 = try await identity(TokenMint.claims(#""roles":["reader"]"#))
        let key = Identity(Caller(id: "42"), credential: .apiKey)
        #expect(first.key == second.key && first.hash == second.hash)
        let all = [first, other, nameless, nameless2, key, .anonymous]
        #expect(Set(all.map(\.hash)).count == all.count)
        #expect(Set(all.map(\.key)).count == all.count)
        #expect(key.keyName == "42" && first.keyName == nil)
        // The same after every restart.
        #expect(key.hash == 0xA4BD_CA75_B17C_FDE7)
    }
}
