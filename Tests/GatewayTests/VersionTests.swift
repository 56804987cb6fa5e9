import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Versions and prefixes")
struct VersionTests {
    /// What a request came to: a function's name, or a status.
    private func result(_ fixture: GatewayFixture, _ target: String, _ version: String?) throws -> String {
        let headers: HeaderList = version.map { ["api-version": $0] } ?? [:]
        let (plan, responder) = fixture.accept(.get, target, headers)
        guard case .gather(_, let receiver) = plan else {
            return String(try #require(responder.responses.first).status.code)
        }
        receiver.gathered([])
        let function = try #require(fixture.invoker.calls.last).function
        return GatewayFixture.manifest.functions[function.index].name.rawValue
    }

    @Test(
        "path and header choose the version",
        arguments: [
            ("/api/users", nil, "ListUsers"), ("/api/users", "v1", "ListUsers"),
            ("/api/users", "v2", "ListUsersV2"), ("/api/v2/users", nil, "ListUsersV2"),
            ("/api/v1/users", nil, "ListUsers"), ("/api/v1/users", "v2", "ListUsers"),
            ("/api/v2/users", "nonsense", "ListUsersV2"), ("/api/users", "v3", "400"),
            ("/api/users", "", "400"), ("/api/nothing", "v3", "400"), ("/api/hello", "v2", "404"),
            ("/api/v2/hello", nil, "404"), ("/api/v3/users", nil, "404"), ("/api/v2", nil, "404"),
            ("/api/v2users", nil, "404"), ("/users", nil, "404"), ("/apiusers", nil, "404"),
            ("/api", nil, "404"), ("/", nil, "404"), ("/API/users", nil, "404"), ("/api/users/", nil, "404"),
        ] as [(String, String?, String)])
    func choice(target: String, version: String?, expected: String) throws {
        #expect(try result(GatewayFixture(), target, version) == expected)
    }

    @Test("a doubled version header is refused, unless the path names the version")
    func doubledHeader() throws {
        let fixture = GatewayFixture()
        var headers: HeaderList = ["api-version": "v1"]
        headers.append("api-version", "v2")
        #expect(try fixture.send(.get, "/api/hello", headers).status == Status(400))
        #expect(try fixture.send(.get, "/api/v1/hello", headers).status == .ok)
    }

    @Test(
        "Vary names the header where it had a say",
        arguments: [
            ("/api/hello", ["api-version"]), ("/api/v1/hello", []), ("/api/nothing", ["accept, api-version"]),
            ("/api/v1/nothing", ["accept"]),
        ])
    func vary(target: String, expected: [String]) throws {
        #expect(try GatewayFixture().send(.get, target).headers.values("vary") == expected)
    }

    @Test("the header's name comes from the manifest")
    func ownHeader() throws {
        var manifest = GatewayFixture.manifest
        manifest.versions = VersionSettings(header: "X-Shop-Version", default: "v2")
        let fixture = GatewayFixture(manifest)
        let first = try fixture.send(.get, "/api/users", ["x-shop-version": "v1"], reply: .usersPage)
        #expect(first.headers.values("vary") == ["x-shop-version"])
        #expect(fixture.invoker.calls.last?.function == FunctionID(0))
        try fixture.send(.get, "/api/users", ["api-version": "v1"])
        #expect(fixture.invoker.calls.last?.function == FunctionID(7))
    }

    @Test(
        "the route / is the prefix, the version, and both with a slash",
        arguments: [
            ("/api", "/api"), ("/api", "/api/"), ("/api", "/api/v1"), ("/api", "/api/v1/"), ("", "/"),
        ])
    func root(prefix: String, target: String) throws {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        manifest.server.prefix = prefix
        manifest.functions = [GatewayFixture.function("Root", "GET /")]
        #expect(try GatewayFixture(manifest).send(.get, target).status == .ok)
    }
}

extension Reply {
    /// Two users of a list of 57.
    static var usersPage: Reply {
        Reply(
            headers: ["content-type": "application/json"], kind: .page(total: 57),
            body: Array(#"[{"id":1},{"id":2}]"#.utf8))
    }
}
