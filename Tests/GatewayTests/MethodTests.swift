import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("HEAD, OPTIONS and methods that are not there")
struct MethodTests {
    @Test(
        "a path that exists with other methods only is 405 with Allow",
        arguments: [
            (Method.patch, "/api/users", "GET, HEAD, POST, OPTIONS"),
            (.delete, "/api/hello", "GET, HEAD, OPTIONS"),
            (.post, "/api/users/1", "GET, HEAD, DELETE, OPTIONS"),
            (.trace, "/api/hello", "GET, HEAD, OPTIONS"),
            (.connect, "/api/users", "GET, HEAD, POST, OPTIONS"),
            (.trace, "/nowhere", "GET, HEAD, POST, DELETE, OPTIONS"),
            (.connect, "example.com:443", "GET, HEAD, POST, DELETE, OPTIONS"),
            (.post, "/health", "GET, HEAD, OPTIONS"), (.post, "/api/v2/users", "GET, HEAD, OPTIONS"),
        ])
    func notAllowed(method: WireProtocol.Method, target: String, allow: String) throws {
        let response = try GatewayFixture().send(method, target)
        #expect(response.status == Status(405))
        #expect(response.headers.values("allow") == [allow])
        #expect(response.text.contains(#""code":"METHOD_NOT_ALLOWED""#))
    }

    @Test(
        "OPTIONS without a route is 204 with Allow",
        arguments: [
            ("/api/users", "GET, HEAD, POST, OPTIONS"), ("/api/hello", "GET, HEAD, OPTIONS"),
            ("*", "GET, HEAD, POST, DELETE, OPTIONS"), ("/health/ready", "GET, HEAD, OPTIONS"),
        ])
    func options(target: String, allow: String) throws {
        let fixture = GatewayFixture()
        let response = try fixture.send(.options, target)
        #expect(response.status == .noContent)
        #expect(response.headers.values("allow") == [allow])
        #expect(response.body.isEmpty)
        #expect(response.headers.contains("x-request-id"))
        #expect(fixture.invoker.calls.isEmpty)
    }

    @Test("OPTIONS of a path that is not there is 404")
    func optionsOfNothing() throws {
        #expect(try GatewayFixture().send(.options, "/api/nothing").status == Status(404))
    }

    @Test("OPTIONS with a route reaches the function")
    func optionsWithRoute() throws {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        manifest.functions = [GatewayFixture.function("Own", "OPTIONS /own")]
        let fixture = GatewayFixture(manifest)
        #expect(try fixture.send(.options, "/own").status == .ok)
        #expect(fixture.invoker.calls.first?.invocation.method == .options)
    }

    @Test("HEAD runs GET; the front door gets the body for its length, the log none")
    func head() throws {
        let fixture = GatewayFixture()
        let response = try fixture.send(.head, "/api/hello", reply: Reply(body: Array("hello".utf8)))
        #expect(fixture.invoker.calls.first?.invocation.method == .get)
        #expect(response.body.count == 5)
        #expect(fixture.observer.records.first?.method == .head)
        #expect(fixture.observer.records.first?.bytes == 0)
    }

    @Test("HEAD where there is no GET is 405")
    func headWithoutGet() throws {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        manifest.functions = [GatewayFixture.function("Create", "POST /users")]
        let response = try GatewayFixture(manifest).send(.head, "/users")
        #expect(response.status == Status(405))
        #expect(response.headers["allow"] == "POST, OPTIONS")
    }
}
