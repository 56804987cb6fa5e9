import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Vary")
struct VaryTests {
    static let app = "https://app.example.com"
    static let long = Reply.json("\"" + String(repeating: "a", count: 2000) + "\"")

    @Test(
        "is one field that names what the answer depends on",
        arguments: [
            // What is on; the request; the reply; the members.
            ("", "/v1/list", long, []), ("v", "/list", long, ["api-version"]),
            ("g", "/v1/list", long, ["accept-encoding"]),
            ("g", "/v1/list", .json("{}"), []), ("g", "/v1/list", .json("{}", status: .noContent), []),
            ("c", "/v1/list", long, ["origin"]), ("*", "/v1/list", long, []),
            ("vgc", "/list", long, ["accept-encoding", "origin", "api-version"]),
            ("vgc", "/list", Reply(kind: .error(APIError(.conflict))), ["accept", "origin", "api-version"]),
            ("vgc", "/nothing", long, ["accept", "origin", "api-version"]),
            ("vgc", "/v1/nothing", long, ["accept", "origin"]),
            ("vgck", "/list", long, ["accept-encoding", "origin", "api-version", "accept-language"]),
            ("k", "/v1/list", long, ["accept-language"]),
            ("k", "/v1/list", Reply(kind: .error(APIError(.conflict))), ["accept"]),
            ("vgc", "/health", long, ["origin"]), ("vg", "/openapi.json", long, ["accept-encoding"]),
        ] as [(String, String, Reply, [String])])
    func members(on: String, path: String, reply: Reply, expected: [String]) throws {
        let fixture = Self.fixture(on)
        let requests: [HeaderList] = [
            [:], ["origin": Self.app, "accept-encoding": "gzip", "accept-language": "de"],
            ["origin": "https://evil.example"],
            ["accept-encoding": "gzip", "x-no-compression": ""], [:],
        ]
        for headers in requests {
            for method in [WireProtocol.Method.get, .head] {
                #expect(try fixture.ask(method, path, headers, reply: reply).vary == expected)
            }
        }
        guard reply == Self.long, expected != ["accept", "origin"], expected.first != "accept", path != "/health" else {
            return
        }
        #expect(try fixture.ask(.get, path, ["if-none-match": "*"], reply: reply).vary == expected)
    }

    static func fixture(_ on: String) -> GatewayFixture {
        GatewayFixture(
            ConventionsManifest.make([
                ConventionsManifest.function("List", "GET /list") {
                    if on.contains("k") {
                        $0.cache = CacheSettings(lifetime: .seconds(30), vary: [.header("accept-language")])
                    }
                }
            ]) {
                if on.contains("g") { $0.compression = CompressionSettings() }
                if on.contains("c") { $0.cors = CORSSettings(origins: [app]) }
                if on.contains("*") { $0.cors = CORSSettings(origins: ["*"]) }
                $0.openapi = OpenAPISettings()
            })
    }

    @Test("of a preflight's answer", arguments: ["/list", "/v1/list", "/openapi.json", "/nothing"])
    func preflight(path: String) throws {
        for origin in [Self.app, "https://evil.example"] {
            let answer = try Self.fixture("vgc").ask(
                .options, path, ["origin": origin, "access-control-request-method": "GET"])
            // No version that the request to come may name has a say in it.
            let expected =
                path == "/nothing"
                ? ["accept", "origin", "api-version"] : ["origin", "access-control-request-method"]
            #expect(answer.vary == expected)
        }
    }

    @Test("of a streamed answer, and the handler's own stays beside it")
    func streamed() throws {
        let fixture = Self.fixture("vgck")
        let trip = fixture.start(.get, "/list")
        trip.call?.sink.began(.json("", ["vary": "cookie"]), length: nil, FakeFlow(), from: FakeInvoker.worker)
        #expect(trip.responder.headers.values("vary") == ["cookie", "origin, api-version, accept-language"])
    }
}
