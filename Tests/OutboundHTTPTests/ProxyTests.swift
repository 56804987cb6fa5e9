import Glibc
import Testing

@testable import OutboundHTTP

@Suite(.serialized) struct ProxyTests {
    @Test("the environment's proxies are ignored")
    func environment() async throws {
        let server = try TinyServer { _ in answer(body: "direct") }
        let secure = try TLSServer()
        // What exempts hosts from them must not be what makes this pass.
        for name in ["no_proxy", "NO_PROXY"] { unsetenv(name) }
        let names = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        for name in names { setenv(name, "http://127.0.0.1:1", 1) }
        defer { for name in names { unsetenv(name) } }
        try await withClient(.init(certificateAuthorities: secure.certificate)) { client async throws in
            let plain = HTTPRequest("GET", server.url, retries: .never)
            #expect(try await client.send(plain).body == Array("direct".utf8))
            let overTLS = HTTPRequest("GET", "https://localhost:\(secure.port)/", retries: .never)
            #expect(try await client.send(overTLS).status == 200)
        }
    }

    @Test("a proxy that was asked for gets all requests, also for names that only it knows")
    func proxy() async throws {
        let proxy = try TinyServer { answer(body: $0.line) }
        setenv("no_proxy", "*", 1)
        defer { unsetenv("no_proxy") }
        let response = try await withClient(.init(proxy: "http://me:secret@localhost:\(proxy.port)")) {
            try await $0.send(HTTPRequest("GET", "http://no-such-host.invalid/x", retries: .never))
        }
        #expect(response.body == Array("GET http://no-such-host.invalid/x HTTP/1.1".utf8))
        #expect(proxy.requests.first?.header("proxy-authorization") == "Basic bWU6c2VjcmV0")
        #expect(proxy.requests.first?.header("authorization") == nil)
    }

    @Test("a tunnel's head has none of the request's headers, and a proxy that refuses it is told from an answer")
    func tunnel() async throws {
        let proxy = try TinyServer { _ in answer("403 Forbidden", body: "no") }
        let kind = try await withClient(.init(proxy: "http://127.0.0.1:\(proxy.port)")) { client async throws in
            await failure {
                _ = try await client.send(
                    HTTPRequest(
                        "GET", "https://no-such-host.invalid/x", headers: ["X-Api-Key": "k"], retries: .never))
            }
        }
        #expect(kind == .connectionFailed)
        let request = try #require(proxy.requests.first)
        #expect(request.line == "CONNECT no-such-host.invalid:443 HTTP/1.1")
        #expect(request.header("x-api-key") == nil)
    }

    @Test(
        "a proxy's address is http or https",
        arguments: ["", "127.0.0.1:80", "socks5://127.0.0.1", "file:///x", "http://a\r\nb"])
    func address(proxy: String) async throws {
        let kind = await failure { try await withClient(.init(proxy: proxy)) { _ in } }
        #expect(kind == .invalidRequest)
    }

    @Test("a configuration that makes no sense is refused")
    func configuration() async throws {
        for configuration in [
            HTTPClientConfiguration(connectionsToOneHost: 0), HTTPClientConfiguration(idleConnections: -1),
            HTTPClientConfiguration(userAgent: "a\r\nb"),
        ] {
            #expect(await failure { try await withClient(configuration) { _ in } } == .invalidRequest)
        }
    }
}
