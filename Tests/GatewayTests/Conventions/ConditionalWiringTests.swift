import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Conditional requests")
struct ConditionalWiringTests {
    static let app = "https://app.example.com"
    static let text = "[" + String(repeating: #"{"name":"somebody"},"#, count: 200) + "{}]"
    static let date = "Sat, 21 Nov 2026 02:00:00 GMT"

    static func fixture(isKept: Bool = false, auth: AuthRule = .none) -> GatewayFixture {
        GatewayFixture(
            ConventionsManifest.make([
                ConventionsManifest.function("List", "GET /list", auth: auth) {
                    $0.rate = [RateRule(limit: 100, per: .seconds(100))]
                    if isKept { $0.cache = CacheSettings(lifetime: .seconds(30), vary: auth == .none ? [] : [.caller]) }
                },
                ConventionsManifest.function("Put", "PUT /list"),
            ]) {
                $0.cors = CORSSettings(origins: [app])
                $0.compression = CompressionSettings()
                $0.openapi = OpenAPISettings()
            })
    }

    /// The tag of the answer, and of the compressed one.
    static func tags(_ fixture: GatewayFixture, reply: Reply = .json(text)) throws -> (plain: String, gzip: String) {
        let plain = try #require(try fixture.ask(.get, "/list", reply: reply).headers["etag"])
        let gzip = try #require(
            try fixture.ask(.get, "/list", ["accept-encoding": "gzip"], reply: reply).headers["etag"])
        return (plain, gzip)
    }

    @Test(
        "a 200 to GET has a strong tag over its bytes, a compressed one the same with -gzip", arguments: [false, true])
    func tag(isKept: Bool) throws {
        let tags = try Self.tags(Self.fixture(isKept: isKept))
        #expect(tags.plain.wholeMatch(of: /"[A-Za-z0-9_-]{22}"/) != nil)
        #expect(tags.gzip == tags.plain.dropLast() + "-gzip\"")
    }

    @Test("conditions of a write reach the handler by the tags that it made itself")
    func ofWrites() throws {
        let fixture = Self.fixture()
        for (sent, seen) in [
            ("\"v7-gzip\"", "\"v7\""), ("\"v7\"", "\"v7\""), ("\"a-gzip\", W/\"b-gzip\",\"c\"", "\"a\", W/\"b\",\"c\""),
            ("*", "*"), ("\"-gzip\"", "\"\""), ("\"x-gzip", "\"x-gzip"), ("\"a-gzip-gzip\"", "\"a-gzip\""),
        ] {
            let trip = fixture.start(.put, "/list", ["if-match": sent, "if-none-match": sent, "x": "\"a-gzip\""])
            let headers = try #require(trip.call?.invocation.headers)
            #expect(headers["if-match"] == seen && headers["if-none-match"] == seen && headers["x"] == "\"a-gzip\"")
            trip.reply()
        }
    }

    @Test(
        "either tag is not modified, with or without gzip, for GET and HEAD, fresh and kept",
        arguments: [false, true], [WireProtocol.Method.get, .head])
    func notModified(isKept: Bool, method: WireProtocol.Method) throws {
        let fixture = Self.fixture(isKept: isKept)
        let tags = try Self.tags(fixture)
        for (known, coding) in [
            (tags.plain, "identity"), (tags.plain, "gzip"), (tags.gzip, "gzip"), ("W/" + tags.gzip, "identity"),
            ("*", "gzip"),
        ] {
            let headers: HeaderList = [
                "if-none-match": known, "accept-encoding": coding, "origin": Self.app, "x-request-id": "r",
            ]
            let response = try fixture.ask(
                method, "/list", headers, reply: .json(Self.text, ["content-location": "/list/1"]))
            #expect(response.status == .notModified && response.body.isEmpty)
            // Of the form that the client has.
            #expect(response.headers["etag"] == (known == tags.plain ? tags.plain : tags.gzip))
            #expect(response.headers["cache-control"] == "no-cache")
            #expect(isKept || response.headers["content-location"] == "/list/1")
            #expect(response.headers["content-type"] == nil && response.headers["content-encoding"] == nil)
            #expect(response.headers["access-control-allow-origin"] == Self.app)
            #expect(response.headers["access-control-expose-headers"]?.contains("ETag") == true)
            #expect(response.headers["ratelimit"] != nil && response.headers["ratelimit-policy"] != nil)
            #expect(response.headers.values("x-request-id") == ["r"])
            #expect(response.headers["x-content-type-options"] == "nosniff")
            #expect(response.vary == ["accept-encoding", "origin", "api-version"])
            #expect((response.headers["age"] != nil) == isKept)
        }
        #expect(fixture.observer.records.suffix(5).allSatisfy { $0.status == .notModified && $0.bytes == 0 })
    }

    @Test("HEAD says what GET says", arguments: [false, true])
    func head(isKept: Bool) throws {
        let fixture = Self.fixture(isKept: isKept)
        for coding in ["identity", "gzip"] {
            let headers: HeaderList = ["accept-encoding": coding, "x-request-id": "r"]
            try fixture.ask(.get, "/list", headers, reply: .json(Self.text))
            let get = try fixture.ask(.get, "/list", headers, reply: .json(Self.text))
            let head = try fixture.ask(.head, "/list", headers, reply: .json(Self.text))
            #expect(head.body.count == get.body.count && head.status == get.status)
            func names(_ response: OutgoingResponse) -> [String] {
                response.headers.fields.filter { $0.name != "ratelimit" }.map { $0.name + $0.value }
            }
            #expect(names(head) == names(get))
            #expect(fixture.observer.records.last?.bytes == 0)
        }
    }

    @Test(
        "conditions that do not hold",
        arguments: [
            (["if-none-match": "\"other\""], 200), (["if-match": "\"other\""], 412), (["if-match": "*"], 200),
            (["if-modified-since": date], 304), (["if-modified-since": "Sat, 21 Nov 2026 01:59:59 GMT"], 200),
            (["if-unmodified-since": "Sat, 21 Nov 2026 01:59:59 GMT"], 412), (["if-unmodified-since": date], 200),
            (["if-none-match": "\"other\"", "if-modified-since": date], 200), (["if-modified-since": "yesterday"], 200),
            (["range": "bytes=0-1"], 200),
        ] as [(HeaderList, UInt16)])
    func conditions(headers: HeaderList, status: UInt16) throws {
        for isKept in [false, true] {
            let fixture = Self.fixture(isKept: isKept)
            for _ in 0..<2 {
                let response = try fixture.ask(
                    .get, "/list", headers, reply: .json(Self.text, ["last-modified": Self.date]))
                #expect(response.status.code == status)
                guard status == 412 else { continue }
                #expect(response.code == "PRECONDITION_FAILED" && response.headers["etag"] == nil)
                #expect(response.headers["cache-control"] == "no-store" && response.headers["ratelimit"] != nil)
                #expect(response.vary.first == "accept")
            }
        }
    }

    @Test("a condition of a write is the handler's")
    func writes() throws {
        let fixture = Self.fixture()
        let response = try fixture.ask(.put, "/list", ["if-match": "\"a\"", "if-none-match": "*"])
        #expect(response.status == .ok && response.headers["etag"] == nil && response.headers["cache-control"] == nil)
        #expect(fixture.invoker.calls.first?.invocation.headers == ["if-match": "\"a\"", "if-none-match": "*"])
    }

    @Test("a handler's own tag and Cache-Control stay, and its weak tag gets -gzip too")
    func own() throws {
        let fixture = Self.fixture()
        let reply = Reply.json(Self.text, ["etag": "W/\"v7\"", "cache-control": "max-age=5"])
        #expect(try Self.tags(fixture, reply: reply) == ("W/\"v7\"", "W/\"v7-gzip\""))
        let response = try fixture.ask(.get, "/list", ["if-none-match": "\"v7-gzip\""], reply: reply)
        #expect(response.status == .notModified && response.headers.values("cache-control") == ["max-age=5"])
        #expect(response.headers.values("etag") == ["W/\"v7-gzip\""])
    }

    @Test("errors have no tag, are never stored and never 304", arguments: [400, 404, 409, 500, 503] as [UInt16])
    func errors(status: UInt16) throws {
        let fixture = Self.fixture()
        let error = APIError(
            code: "ODD", status: Status(status), message: "odd", headers: ["cache-control": "max-age=9"])
        for reply in [Reply(kind: .error(error)), Reply.json("{}", status: Status(status))] {
            let response = try fixture.ask(.get, "/list", ["if-none-match": "*"], reply: reply)
            #expect(response.status.code == status && response.headers["etag"] == nil)
            #expect(response.headers.values("cache-control") == ["no-store"])
        }
    }

    @Test("answers where a caller is asked for are private")
    func privacy() throws {
        let fixture = Self.fixture(auth: .optional)
        #expect(try fixture.ask(.get, "/list").headers["cache-control"] == "private, no-cache")
    }

    @Test("the description can be asked for conditionally, health cannot")
    func ownAddresses() throws {
        let fixture = Self.fixture()
        let whole = try fixture.ask(.get, "/openapi.json")
        let tag = try #require(whole.headers["etag"])
        #expect(whole.headers["cache-control"] == "no-cache" && whole.vary == ["accept-encoding", "origin"])
        #expect(try fixture.ask(.get, "/openapi.json", ["if-none-match": tag]).status == .notModified)
        #expect(try fixture.ask(.head, "/openapi.json").body.count == whole.body.count)
        #expect(try fixture.ask(.post, "/openapi.json").headers["allow"] == "GET, HEAD, OPTIONS")
        let gzip = try fixture.ask(.get, "/openapi.json", ["accept-encoding": "gzip"])
        #expect(gzip.headers["content-encoding"] == "gzip" && gzip.headers["etag"] == tag.dropLast() + "-gzip\"")
        // It is compressed once for all.
        #expect(fixture.generation.description?.answer.compressedBody == gzip.body)
        #expect(try fixture.ask(.get, "/openapi.json", ["accept-encoding": "gzip"]).body == gzip.body)
        let health = try fixture.ask(.get, "/health", ["if-none-match": "*"])
        #expect(health.status == .ok && health.headers["etag"] == nil && health.headers["cache-control"] == "no-store")
        #expect(fixture.observer.records.map(\.route).suffix(2) == ["/openapi.json", "/health"])
    }
}
