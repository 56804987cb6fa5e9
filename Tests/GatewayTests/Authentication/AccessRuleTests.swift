import Crypto
import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Who may call")
struct AccessRuleTests {
    static let bearer = #"Bearer realm="shop""#
    static let key = #"ApiKey realm="shop""#

    private static let both = AuthSettings(
        jwt: JWTSettings(keys: .secret(TokenMint.secret)),
        apiKeys: APIKeySettings(
            keys: [
                .init(
                    name: "reports", hashes: [Array(SHA256.hash(data: Array("key".utf8)))], roles: ["reader"],
                    scopes: ["a"])
            ]))
    private static let tokens = AuthSettings(jwt: both.jwt)
    private static let keys = AuthSettings(apiKeys: both.apiKeys)

    private static func bearer(_ members: String) -> HeaderList {
        ["authorization": "Bearer " + TokenMint.hs256(TokenMint.claims(members))]
    }

    @Test("nobody is asked for anything where `auth` is none, and credentials are not looked at")
    func none() async {
        for headers in [[:], ["authorization": "Bearer x"], ["authorization": "Bearer x", "x-api-key": "y"]]
            as [HeaderList]
        {
            let fixture = AuthFixture(Self.both, .none)
            #expect(await fixture.ask(headers).caller == .anonymous)
            #expect(await AuthFixture(nil, .none).ask(headers).caller == .anonymous)
        }
    }

    @Test("optional: nobody is anonymous, a good credential counts, a bad one is refused")
    func optional() async {
        let fixture = AuthFixture(Self.both, .optional)
        #expect(await fixture.ask([:]).caller == .anonymous)
        #expect(await fixture.ask(Self.bearer(#""sub":"42""#)).caller?.id == "42")
        #expect(await fixture.ask(["x-api-key": "key"]).caller?.id == "reports")
        #expect(await fixture.ask(["authorization": "Bearer x"]).code == "INVALID_TOKEN")
        #expect(await fixture.ask(["authorization": "Bearer"]).code == "INVALID_TOKEN")
        #expect(await fixture.ask(["x-api-key": "no"]).code == "INVALID_TOKEN")
        #expect(await fixture.ask(["authorization": "Basic x"]).code == "NO_TOKEN")
        #expect(await fixture.ask(["authorization": "Bearer x", "x-api-key": "key"]).code == "BAD_REQUEST")
    }

    @Test("the challenges are of the ways that are taken")
    func challenges() async {
        let wrong: HeaderList = ["authorization": "Bearer x"]
        let token = AuthFixture(Self.tokens)
        #expect(await token.ask([:]).challenges == [Self.bearer])
        #expect(await token.ask(wrong).challenges == [Self.bearer + #", error="invalid_token""#])
        let both = AuthFixture(Self.both)
        #expect(await both.ask([:]).challenges == [Self.bearer, Self.key])
        #expect(await both.ask(wrong).challenges == [Self.bearer + #", error="invalid_token""#, Self.key])
        #expect(await both.ask(["x-api-key": "x"]).challenges == [Self.bearer, Self.key + #", error="invalid_token""#])
        let key = AuthFixture(Self.keys)
        #expect(await key.ask([:]).challenges == [Self.key])
        #expect(await key.ask(wrong).challenges == [Self.key + #", error="invalid_token""#])
    }

    @Test("messages are the contract's, and no answer has a cause")
    func messages() async {
        let fixture = AuthFixture(Self.both, .required(roles: ["admin"]))
        let table: [(HeaderList, UInt16, String, String)] = [
            ([:], 401, "NO_TOKEN", "Access token required"),
            (["authorization": "Bearer x"], 401, "INVALID_TOKEN", "Invalid access token"),
            (["authorization": "Bearer x", "x-api-key": "key"], 400, "BAD_REQUEST", "Send one credential, not two"),
            (["x-api-key": "key"], 403, "FORBIDDEN", "You are not allowed to do this"),
        ]
        for (headers, status, code, message) in table {
            guard case .failure(let refusal) = await fixture.ask(headers) else {
                Issue.record("\(code) was not refused")
                continue
            }
            #expect(refusal.error.status.code == status)
            #expect(refusal.error.code == code)
            #expect(refusal.error.message == message)
            #expect(refusal.error.cause == nil)
        }
    }

    @Test(
        "any of the roles will do, byte for byte",
        arguments: [
            (#""roles":["admin"]"#, true), (#""roles":["support","x"]"#, true), (#""role":"admin""#, true),
            (#""roles":[]"#, false), (#""roles":["Admin"]"#, false), (#""roles":["admin "]"#, false),
            (#""roles":"admin support""#, false), (#""scope":"admin""#, false), (#""sub":"admin""#, false),
            (#""roles":["administrator"]"#, false), (#""roles":{"admin":true}"#, false),
            (#""roles":"adm\u0131n""#, false),
        ])
    func roles(_ members: String, _ isLetIn: Bool) async {
        let fixture = AuthFixture(Self.tokens, .required(roles: ["admin", "support"]))
        for _ in 0..<2 {
            // The second time from memory.
            let outcome = await fixture.ask(Self.bearer(members))
            #expect(outcome.code == (isLetIn ? nil : "FORBIDDEN"))
            #expect(outcome.reason == (isLetIn ? nil : .role))
            #expect(outcome.challenges.isEmpty)
        }
        #expect(fixture.verifications == 1)
    }

    @Test("a role that only looks the same is another one")
    func looks() {
        let rule = AccessRule(.required(roles: ["K", "é"]), Self.tokens, realm: "shop")
        // The Kelvin sign, and an e with an accent of its own: Swift's `==` takes both as equal.
        for role in ["\u{212A}", "e\u{301}"] {
            let identity = Identity(Caller(id: "1", roles: [role]), credential: .jwt)
            #expect(throws: Refusal.self) { try rule.authorize(identity) }
        }
    }

    @Test(
        "all of the scopes are needed",
        arguments: [
            (#""scope":"a b""#, true), (#""scope":"c b a""#, true), (#""scp":["a","b"]"#, true),
            (#""scope":"a""#, false), (#""scope":"ab""#, false), (#""scp":["a b"]"#, false), (#""sub":"1""#, false),
            (#""roles":["a","b"]"#, false),
        ])
    func scopes(_ members: String, _ isLetIn: Bool) async {
        let fixture = AuthFixture(Self.both, .required(scopes: ["a", "b"]))
        let outcome = await fixture.ask(Self.bearer(members))
        #expect(outcome.code == (isLetIn ? nil : "FORBIDDEN"))
        #expect(outcome.challenges == (isLetIn ? [] : [Self.bearer + #", error="insufficient_scope", scope="a b""#]))
        #expect(await fixture.ask(["x-api-key": "key"]).reason == .scope)
    }

    @Test("roles and scopes are both needed where both are written")
    func both() async {
        let fixture = AuthFixture(Self.tokens, .required(roles: ["admin"], scopes: ["a"]))
        #expect(await fixture.ask(Self.bearer(#""role":"admin","scope":"a""#)).code == nil)
        #expect(await fixture.ask(Self.bearer(#""role":"admin""#)).reason == .scope)
        #expect(await fixture.ask(Self.bearer(#""scope":"a""#)).reason == .role)
    }

    @Test("a function takes the ways that it says, and no other")
    func ways() async {
        let token = Self.bearer(#""sub":"42""#)
        let byKey = AuthFixture(Self.both, .required(by: [.apiKey]))
        #expect(await byKey.ask(["x-api-key": "key"]).caller?.id == "reports")
        #expect(await byKey.ask(token).reason == .notTaken)
        #expect(await byKey.ask(token).challenges == [Self.key + #", error="invalid_token""#])
        #expect(await byKey.ask([:]).challenges == [Self.key])
        let byToken = AuthFixture(Self.both, .required(by: [.jwt]))
        #expect(await byToken.ask(token).caller?.id == "42")
        #expect(await byToken.ask(["x-api-key": "key"]).reason == .notTaken)
        #expect(await byToken.ask([:]).challenges == [Self.bearer])
        let byEither = AuthFixture(Self.both, .required(by: [.jwt, .apiKey]))
        #expect(await byEither.ask(token).code == nil)
        #expect(await byEither.ask(["x-api-key": "key"]).code == nil)
    }

    @Test("one memory serves all rules, and a remembered token has no wider right than before")
    func sharing() async {
        let fixture = AuthFixture(Self.both)
        let admin = fixture.authenticator.rule(.required(roles: ["admin"]))
        let keyOnly = fixture.authenticator.rule(.required(by: [.apiKey]))
        let headers = Self.bearer(#""sub":"42","role":"reader""#)
        #expect(await fixture.ask(headers).code == nil)
        #expect(await fixture.ask(headers, admin).code == "FORBIDDEN")
        #expect(await fixture.ask(headers, keyOnly).code == "INVALID_TOKEN")
        #expect(fixture.verifications == 1)
    }

    @Test("a realm cannot end its quotes or its line")
    func realm() {
        let rule = AccessRule(.required(), Self.tokens, realm: "a\"b\\c\r\nd é")
        let refusal = rule.refusal(.noCredential)
        #expect(refusal.error.headers.values("www-authenticate") == [#"Bearer realm="a\"b\\c??d ?""#])
    }
}
