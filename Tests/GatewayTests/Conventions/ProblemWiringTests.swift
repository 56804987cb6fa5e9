import JSONCoding
import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Every refusal in both forms")
struct ProblemWiringTests {
    static let key: HeaderList = ["x-api-key": ConventionsManifest.apiKey]

    static var manifest: Manifest {
        ConventionsManifest.make([
            ConventionsManifest.function("Get", "GET /items/{id}", auth: .required()) {
                $0.input.path = ConventionsManifest.schema(#"{"type":"object","properties":{"id":{"type":"integer"}}}"#)
                $0.cache = CacheSettings(lifetime: .seconds(30), vary: [.caller])
            },
            ConventionsManifest.function("Make", "POST /items", auth: .required(roles: ["admin"])),
            ConventionsManifest.function("Pay", "POST /pay", auth: .required()) {
                $0.idempotency = IdempotencySettings(required: true)
                $0.rate = [RateRule(limit: 1, per: .seconds(60), by: .caller)]
            },
        ])
    }

    @Test(
        "has the same code, id, time and faults, and the fields of every answer",
        arguments: [
            (.get, "/nothing", [:], "NOT_FOUND", 404), (.put, "/pay", [:], "METHOD_NOT_ALLOWED", 405),
            (.get, "/items/1", [:], "NO_TOKEN", 401),
            (.get, "/items/1", ["x-api-key": "swl_guess"], "INVALID_TOKEN", 401),
            (.post, "/items", key, "FORBIDDEN", 403), (.get, "/items/a", key, "VALIDATION_ERROR", 400),
            (.get, "/items/1?a=%", key, "BAD_REQUEST", 400),
            (.get, "/items/1", ["api-version": "v9"], "BAD_REQUEST", 400),
            (.post, "/pay", key, "IDEMPOTENCY_KEY_REQUIRED", 400), (.get, "/items/7", key, "ODD", 418),
            (.trace, "/nothing", [:], "METHOD_NOT_ALLOWED", 405),
        ] as [(WireProtocol.Method, String, HeaderList, String, UInt16)])
    func both(method: WireProtocol.Method, target: String, headers: HeaderList, code: String, status: UInt16) throws {
        let reply = Reply(
            kind: .error(APIError(code: "ODD", status: Status(418), message: "I am", headers: ["x-tea": "1"])))
        for accept in ["application/json", "application/problem+json", "text/html"] {
            let fixture = GatewayFixture(Self.manifest, idempotency: FakeIdempotencyStore())
            var all = headers
            all.append("accept", accept)
            all.append("x-request-id", "r1")
            let response = try fixture.ask(method, target, all, reply: reply)
            let isProblem = accept.contains("problem")
            #expect(response.status.code == status && response.code == code)
            #expect(
                response.headers.values("content-type") == [isProblem ? "application/problem+json" : "application/json"]
            )
            #expect(response.headers.values("cache-control") == ["no-store"] && response.headers["etag"] == nil)
            #expect(response.vary.first == "accept")
            #expect(response.headers.values("x-content-type-options") == ["nosniff"])
            #expect(response.headers.values("x-request-id") == ["r1"])
            let prefix = isProblem ? #"{"type":"about:blank","title":""# : #"{"error":{"code":""#
            #expect(response.text.hasPrefix(prefix) && response.text.contains(#""requestId":"r1""#))
            #expect(response.text.contains(#""timestamp":"2026-11-21T02:55:00.123Z""#))
            #expect(
                response.text.contains(isProblem ? #""errors":["# : #""details":["#) == (code == "VALIDATION_ERROR"))
            #expect(!response.text.contains("/items") && !response.text.contains("%"))
            #expect((response.headers["allow"] != nil) == (status == 405))
        }
    }

    @Test(
        "429 and 503 say when to come again, in both forms",
        arguments: ["application/json", "application/problem+json"])
    func retryAfter(accept: String) throws {
        let store = FakeIdempotencyStore()
        let fixture = GatewayFixture(Self.manifest, idempotency: store)
        var headers = Self.key
        headers.append("accept", accept)
        headers.append("idempotency-key", "k")
        store.refuse(.unavailable(cause: "disk full"))
        let unavailable = try fixture.ask(.post, "/pay", headers)
        #expect(unavailable.status.code == 503 && unavailable.headers["retry-after"] == "5")
        let limited = try fixture.ask(.post, "/pay", headers)
        #expect(limited.status.code == 429 && limited.headers["retry-after"] == "60")
        #expect(limited.headers["ratelimit"] == #""caller";r=0;t=60"#)
        #expect(!unavailable.text.contains("disk"))
    }

    @Test("what is no request at all is answered by the same fields")
    func unparsed() {
        let fixture = GatewayFixture(Self.manifest)
        for failure in ParseFailure.allCases {
            let response = fixture.pipeline.response(to: failure, peer: "192.0.2.7")
            #expect(response.status == failure.status && response.vary == ["accept"])
            #expect(
                response.headers.values("x-content-type-options") == ["nosniff"]
                    && response.headers["x-request-id"] != nil)
        }
    }
}
