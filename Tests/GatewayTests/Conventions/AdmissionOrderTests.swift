import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("The order in which requests are let in")
struct AdmissionOrderTests {
    static let app = "https://app.example.com"
    static let key: HeaderList = ["x-api-key": ConventionsManifest.apiKey]
    static let preflight: HeaderList = ["origin": app, "access-control-request-method": "GET"]

    static func fixture(_ rules: [RateRule], _ change: (inout Manifest) -> Void = { _ in }) -> GatewayFixture {
        var manifest = ConventionsManifest.access
        manifest.cors = CORSSettings(origins: [app])
        manifest.rate = rules
        change(&manifest)
        return GatewayFixture(manifest)
    }

    static func rule(_ limit: Int, _ by: RateRule.Key) -> RateRule { RateRule(limit: limit, per: .seconds(60), by: by) }

    @Test("a preflight needs no caller and uses up no limit", arguments: ["/mine", "/things", "/open"])
    func preflight(path: String) throws {
        let fixture = Self.fixture([Self.rule(1, .client)])
        for _ in 0..<3 {
            let answer = try fixture.ask(.options, path, Self.preflight)
            #expect(answer.status == .noContent && answer.body.isEmpty)
            #expect(answer.headers.values("access-control-allow-origin") == [Self.app])
            #expect(answer.headers["access-control-allow-methods"] == (path == "/things" ? "POST" : "GET, HEAD"))
            #expect(answer.headers["ratelimit"] == nil && answer.headers["x-content-type-options"] == "nosniff")
        }
        #expect(fixture.invoker.calls.isEmpty && fixture.observer.denials.isEmpty)
        #expect(try fixture.ask(.get, "/open").status == .ok)
    }

    @Test("a route for OPTIONS leaves preflights to the gateway, which names the methods of that path alone")
    func optionsRoute() throws {
        let fixture = Self.fixture([]) {
            $0.functions.append(ConventionsManifest.function("Ask", "OPTIONS /open"))
        }
        let answer = try fixture.ask(.options, "/open", Self.preflight)
        #expect(answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS")
        #expect(answer.headers["allow"] == "GET, HEAD, OPTIONS")
        #expect(fixture.invoker.calls.isEmpty)
        try fixture.ask(.options, "/open")
        #expect(fixture.invoker.calls.count == 1)
    }

    @Test("a preflight cannot name the version to come, so it is answered for all of them, one with a version for that")
    func versions() throws {
        var newer = ConventionsManifest.function("Newer", "POST /both")
        newer.version = "v2"
        var only = ConventionsManifest.function("Only", "GET /only")
        only.version = "v2"
        let manifest = ConventionsManifest.make(
            [ConventionsManifest.function("Older", "GET /both"), newer, only]
        ) { $0.cors = CORSSettings(origins: [Self.app]) }
        let fixture = GatewayFixture(manifest)
        for (path, methods) in [
            ("/both", "GET, HEAD, POST"), ("/only", "GET, HEAD"), ("/v2/both", "POST"), ("/v1/both", "GET, HEAD"),
        ] {
            let answer = try fixture.ask(.options, path, Self.preflight)
            #expect(answer.status == .noContent, "\(path)")
            #expect(answer.headers["access-control-allow-methods"] == methods, "\(path)")
        }
        #expect(try fixture.ask(.options, "/v1/only", Self.preflight).status == Status(404))
        #expect(try fixture.ask(.options, "/none", Self.preflight).status == Status(404))
    }

    @Test("health and the description answer preflights too", arguments: ["/health", "/health/ready", "/openapi.json"])
    func ownAddresses(path: String) throws {
        let fixture = Self.fixture([]) { $0.openapi = OpenAPISettings() }
        let answer = try fixture.ask(.options, path, Self.preflight)
        #expect(answer.status == .noContent && answer.headers["access-control-allow-methods"] == "GET, HEAD")
        #expect(try fixture.ask(.get, path, ["origin": Self.app]).headers["access-control-allow-origin"] == Self.app)
        #expect(try fixture.ask(.options, path).headers["allow"] == "GET, HEAD, OPTIONS")
    }

    @Test("limits by client come before authentication: guesses are counted, and then nobody is asked who he is")
    func clientFirst() throws {
        let fixture = Self.fixture([Self.rule(2, .client)])
        let bad: HeaderList = ["x-api-key": "swl_guess", "origin": Self.app]
        var seen: [UInt16] = []
        for _ in 0..<4 {
            let response = try fixture.ask(.get, "/mine", bad)
            seen.append(response.status.code)
            #expect(response.headers["access-control-allow-origin"] == Self.app)
            #expect(response.headers["ratelimit"] != nil)
            #expect((response.headers["www-authenticate"] == nil) == (response.status.code == 429))
            #expect((response.headers["retry-after"] == "30") == (response.status.code == 429))
        }
        #expect(seen == [401, 401, 429, 429])
        #expect(
            fixture.observer.denials.map(\.reason) == [
                "api_key_unknown", "api_key_unknown", "rate_limit", "rate_limit",
            ])
        #expect(try fixture.ask(.get, "/mine", Self.key).status.code == 429)
        #expect(try fixture.ask(.get, "/mine", Self.key, peer: "192.0.2.8").status == .ok)
        fixture.time.advance(milliseconds: 30_000)
        #expect(try fixture.ask(.get, "/mine", Self.key).status == .ok)
    }

    @Test("limits by caller come after it: who is refused uses nothing up")
    func callerAfter() throws {
        let fixture = Self.fixture([Self.rule(1, .caller)])
        for _ in 0..<3 { #expect(try fixture.ask(.get, "/mine", ["x-api-key": "swl_guess"]).status.code == 401) }
        #expect(try fixture.ask(.get, "/admin", Self.key).status.code == 403)
        #expect(try fixture.ask(.get, "/mine", Self.key).status == .ok)
        let refused = try fixture.ask(.get, "/reports", Self.key, peer: "192.0.2.9")
        #expect(refused.status.code == 429 && refused.code == "RATE_LIMIT_EXCEEDED")
        #expect(fixture.invoker.calls.count == 1)
        // The records name whom a good key showed: without the role, let in, and asking too often.
        #expect(fixture.observer.records.map(\.userID) == [nil, nil, nil, "reports", "reports", "reports"])
    }

    @Test(
        "every limited answer says what the limits are, whatever it is",
        arguments: [
            (.get, "/mine", key, [:], 200), (.head, "/mine", key, [:], 200), (.get, "/mine", [:], [:], 401),
            (.get, "/admin", key, [:], 403), (.get, "/mine?a=%", key, [:], 400),
            (.get, "/mine", key, ["if-none-match": "*"], 304),
        ] as [(WireProtocol.Method, String, HeaderList, HeaderList, UInt16)])
    func everywhere(method: WireProtocol.Method, target: String, key: HeaderList, more: HeaderList, status: UInt16)
        throws
    {
        let fixture = Self.fixture([Self.rule(10, .client), Self.rule(5, .caller)])
        var headers = key
        more.forEach { headers.append(name: $0, value: $1) }
        let response = try fixture.ask(method, target, headers)
        #expect(response.status.code == status)
        let isKnown = status != 401 && status != 403
        #expect(
            response.headers.values("ratelimit-policy")
                == [#""api-client";q=10;w=60"# + (isKnown ? #", "api-caller";q=5;w=60"# : "")])
        #expect(
            response.headers.values("ratelimit") == [
                #""api-client";r=9;t=6"# + (isKnown ? #", "api-caller";r=4;t=12"# : "")
            ])
    }

    @Test("failures of the function and answers from the cache say it too")
    func workersAndCache() throws {
        let fixture = Self.fixture([Self.rule(10, .client)]) {
            $0.functions[0].cache = CacheSettings(lifetime: .seconds(30))
        }
        let crashed = fixture.start(.get, "/open").fail(.functionCrashed)
        #expect(crashed.status == 502 && crashed.response?.headers["ratelimit"] == #""api-client";r=9;t=6"#)
        try fixture.ask(.get, "/open")
        let hit = try fixture.ask(.get, "/open")
        #expect(hit.headers["cache-status"]?.contains("hit") == true)
        #expect(hit.headers["ratelimit"] == #""api-client";r=7;t=6"#)
        // Another way to the same entry: 304.
        #expect(try fixture.ask(.get, "/open", ["if-none-match": "*"]).headers["ratelimit"] == #""api-client";r=6;t=6"#)
    }

    @Test("what has no route is not limited")
    func unmatched() throws {
        let fixture = Self.fixture([Self.rule(1, .client)])
        for path in ["/nothing", "/health", "/nothing"] {
            #expect(try fixture.ask(.get, path).headers["ratelimit"] == nil)
        }
        #expect(try fixture.ask(.get, "/open").status == .ok)
    }
}
