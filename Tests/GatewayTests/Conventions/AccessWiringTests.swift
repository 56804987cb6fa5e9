import Testing
import WireProtocol

@testable import Gateway

@Suite("Who may call what")
struct AccessWiringTests {
    let fixture = GatewayFixture(ConventionsManifest.access)
    static let key: HeaderList = ["x-api-key": ConventionsManifest.apiKey]
    static let junk: HeaderList = ["authorization": "Bearer junk"]

    @Test(
        "what is refused at once, why, and what it is called in the log",
        arguments: [
            ("/mine", [:], 401, "NO_TOKEN", "no_credential"),
            ("/mine", junk, 401, "INVALID_TOKEN", "token_malformed"),
            ("/mine", ["authorization": "Basic YTpi"], 401, "NO_TOKEN", "other_scheme"),
            ("/mine", ["authorization": "Bearer "], 401, "INVALID_TOKEN", "empty_token"),
            ("/mine", ["x-api-key": "swl_wrong"], 401, "INVALID_TOKEN", "api_key_unknown"),
            (
                "/mine", ["x-api-key": ConventionsManifest.apiKey, "authorization": "Bearer junk"], 400, "BAD_REQUEST",
                "two_credentials"
            ),
            ("/maybe", junk, 401, "INVALID_TOKEN", "token_malformed"),
            ("/maybe", ["x-api-key": ""], 401, "INVALID_TOKEN", "empty_token"),
            ("/admin", key, 403, "FORBIDDEN", "role_missing"),
            ("/reports", junk, 401, "INVALID_TOKEN", "credential_not_taken"),
        ] as [(String, HeaderList, UInt16, String, String)])
    func refused(path: String, headers: HeaderList, status: UInt16, code: String, reason: String) throws {
        for method in [Method.get, .head] {
            let fixture = GatewayFixture(ConventionsManifest.access)
            let response = try fixture.ask(method, path, headers)
            #expect(response.status.code == status && response.code == code)
            #expect((response.headers["www-authenticate"] != nil) == (status == 401))
            #expect(response.headers["cache-control"] == "no-store" && response.headers["etag"] == nil)
            #expect(fixture.invoker.calls.isEmpty)
            #expect(fixture.observer.denials.map(\.reason) == [reason])
            #expect(fixture.observer.records.map(\.status.code) == [status])
        }
    }

    @Test(
        "who is let in, and who the worker is told of",
        arguments: [
            ("/open", [:], nil), ("/open", junk, nil), ("/open", key, nil), ("/maybe", [:], nil),
            ("/maybe", key, "reports"), ("/mine", key, "reports"), ("/reports", key, "reports"),
        ] as [(String, HeaderList, String?)])
    func admitted(path: String, headers: HeaderList, id: String?) throws {
        for method in [Method.get, .head] {
            let fixture = GatewayFixture(ConventionsManifest.access)
            try fixture.ask(method, path, headers)
            let caller = try #require(fixture.invoker.calls.first).invocation.caller
            #expect(caller == (id == nil ? .anonymous : Caller(id: id, roles: ["reader"])))
            #expect(fixture.observer.records.map(\.userID) == [id])
            #expect(fixture.observer.denials.isEmpty)
        }
    }

    @Test(
        "any of the roles will do, and all of the scopes must be there",
        arguments: [
            (#""roles":["support"]"#, 200, 403), (#""roles":["Admin","user"],"scope":"things:write""#, 403, 403),
            (#""scope":"things:write things:read""#, 403, 200),
            (#""role":"admin","scp":["things:read","things:write"]"#, 200, 200),
        ] as [(String, UInt16, UInt16)])
    func rights(claims: String, admin: UInt16, write: UInt16) async throws {
        let token = TokenMint.hs256(TokenMint.claims(#""sub":"42","# + claims))
        try await fixture.learn(token)
        let headers: HeaderList = ["authorization": "bearer " + token]
        #expect(try fixture.ask(.get, "/admin", headers).status.code == admin)
        #expect(try fixture.ask(.head, "/admin", headers).status.code == admin)
        #expect(try fixture.ask(.post, "/things", headers).status.code == write)
        // The log names who it was, also where a right was missing.
        #expect(fixture.observer.records.suffix(3).map(\.userID) == ["42", "42", "42"])
    }

    @Test("a method-override header changes nothing")
    func override() throws {
        let headers: HeaderList = ["x-http-method-override": "POST", "x-api-key": ConventionsManifest.apiKey]
        try fixture.ask(.get, "/mine", headers)
        #expect(fixture.invoker.calls.map(\.invocation.method) == [.get])
    }

    @Test("a caller that is assumed is asked for nothing, and has no more rights than were assumed")
    func assumed() throws {
        let fixture = GatewayFixture(ConventionsManifest.access, caller: Caller(id: "me", roles: ["support"]))
        #expect(try fixture.ask(.get, "/admin").status == .ok)
        #expect(fixture.invoker.calls.map(\.invocation.caller.id) == ["me"])
        #expect(try fixture.ask(.post, "/things").code == "FORBIDDEN")
    }

    @Test("no secret reaches the log, whatever becomes of the request")
    func secrets() async throws {
        let token = TokenMint.hs256(TokenMint.claims(#""sub":"42""#))
        let forged = TokenMint.hs256(
            TokenMint.claims(#""sub":"43""#), secret: "another secret of more than thirty-two bytes")
        try await fixture.learn(token)
        for path in ["/open", "/mine", "/admin", "/reports", "/nothing"] {
            for value in ["Bearer " + token, "Bearer junk." + token, token] {
                try fixture.ask(.get, path + "?token=" + token, ["authorization": value, "cookie": "sid=hidden"])
            }
            try fixture.ask(.get, path, ["x-api-key": ConventionsManifest.apiKey])
            try fixture.ask(.get, path, ["x-api-key": ConventionsManifest.apiKey + "x"])
        }
        let trip = Trip(fixture, .get, "/mine", ["authorization": "Bearer " + forged]).bodyAlone()
        await fixture.loops.runNext()
        #expect(trip.status == 401)
        let observer = fixture.observer
        let urls = observer.records.map { String(decoding: $0.url, as: UTF8.self) }
        let said = "\(observer.records)\(urls)\(observer.denials)\(observer.failures)\(observer.refusals)"
        var secrets = [ConventionsManifest.apiKey, "hidden", TokenMint.secret]
        for part in (token + "." + forged).split(separator: ".") { secrets.append(String(part)) }
        for secret in secrets { #expect(!said.contains(secret)) }
    }
}
