import Foundation
import Testing
import WorkerLoop

@testable import OutboundHTTP

@Suite struct RefusalTests {
    @Test(
        "only http and https are spoken",
        arguments: [
            "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1", "dict://127.0.0.1",
            "unix:/tmp/x", "", "/path",
            "http://", "http://a b/", "http://a\r\nb/", "http://127.0.0.1:99999/", "javascript:1",
            "127.0.0.1",
        ])
    func schemes(url: String) async throws {
        let kind = try await withClient { client async throws in
            await failure { _ = try await client.send(HTTPRequest("GET", url)) }
        }
        #expect(kind == .invalidRequest)
    }

    @Test(
        "nothing can end the line that it stands in",
        arguments: [
            ("GET / HTTP/1.1\r\nX: y", "X-A", "1"), ("", "X-A", "1"), ("GET", "X-A\r\nX-B", "1"),
            ("GET", "X A", "1"),
            ("GET", "", "1"), ("GET", "X-A", "1\r\nX-B: 2"), ("GET", "X-A", "1\nX-B: 2"),
            ("GET", "X-A", "a\0b"),
        ])
    func injection(method: String, name: String, value: String) async throws {
        let server = try TinyServer { _ in answer() }
        var headers = HTTPHeaders()
        headers.append(name, value)
        let request = HTTPRequest(method, server.url, headers: headers)
        let kind = try await withClient { client in await failure { _ = try await client.send(request) } }
        #expect(kind == .invalidRequest)
        #expect(server.requests.isEmpty)
    }

    @Test("an answer over the limit is given up, with and without a length")
    func tooLarge() async throws {
        let server = try TinyServer { request in
            let body = String(repeating: "x", count: 100_000)
            if request.line.contains("/length") { return answer(body: body) }
            return Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\(body)".utf8)
        }
        try await withClient { client async throws in
            for path in ["/length", "/none"] {
                let request = HTTPRequest("GET", server.url + path, maximumBody: 99_999)
                #expect(await failure { _ = try await client.send(request) } == .tooLarge)
            }
            let fitting = try await client.send(
                HTTPRequest("GET", "\(server.url)/length", maximumBody: 100_000))
            #expect(fitting.body.count == 100_000)
        }
    }

    @Test("headers without end are given up")
    func endlessHeaders() async throws {
        let line = "X-Long: \(String(repeating: "y", count: 1000))\r\n"
        let server = try TinyServer { _ in
            Array(("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 100)).utf8)
        }
        let kind = try await withClient { client async throws in
            await failure { _ = try await client.send(HTTPRequest("GET", server.url)) }
        }
        #expect(kind == .tooLarge)
    }

    @Test("a server that says nothing is given up after the timeout")
    func silent() async throws {
        let server = try TinyServer { _ in [] }
        let kind = try await withClient { client async throws in
            await failure {
                _ = try await client.send(HTTPRequest("GET", server.url, timeout: .milliseconds(100)))
            }
        }
        #expect(kind == .timedOut)
    }

    @Test("a port where nobody listens is an error at once")
    func refused() async throws {
        let kind = try await withClient { client async throws in
            await failure { _ = try await client.send(HTTPRequest("GET", "http://127.0.0.1:1/")) }
        }
        #expect(kind == .connectionFailed)
    }

    @Test("a name without an address is an error of its own")
    func noName() async throws {
        let kind = try await withClient { client async throws in
            await failure {
                _ = try await client.send(
                    HTTPRequest(
                        "GET", "http://no-such-host.invalid/", timeout: .seconds(30),
                        connectTimeout: .seconds(20)))
            }
        }
        #expect(kind == .nameNotResolved)
    }

    @Test(
        "what breaks off or is no HTTP is an error",
        arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "hello\r\n\r\n"])
    func broken(text: String) async throws {
        let server = try TinyServer { request in request.connection > 100 ? answer() : nil }
        let talking = try TinyServer { _ in Array("\(text)".utf8) }
        let url = text.isEmpty ? server.url : talking.url
        let kind = try await withClient { client async throws in
            await failure { _ = try await client.send(HTTPRequest("GET", url, timeout: .milliseconds(500))) }
        }
        #expect(
            kind == .brokenOff || (kind == .timedOut && text.contains("Content-Length"))
                || (kind == .invalidRequest && text.hasPrefix("hello")))
    }

    @Test("a cancelled request ends, and so does its connection")
    func cancelled() async throws {
        let server = try TinyServer { _ in [] }
        try await withClient { client async throws in
            let task = Task { try await client.send(HTTPRequest("GET", server.url, timeout: .seconds(60))) }
            #expect(await eventually { !server.requests.isEmpty })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(await eventually { server.endedCount == 1 })
        }
    }

    @Test("a closed client refuses, also what is under way")
    func closed() async throws {
        let server = try TinyServer { _ in [] }
        try await withClient { client async throws in
            let task = Task { try await client.send(HTTPRequest("GET", server.url, timeout: .seconds(60))) }
            #expect(await eventually { !server.requests.isEmpty })
            client.close()
            #expect(await failure { _ = try await task.value } == .closed)
            #expect(await failure { _ = try await client.send(HTTPRequest("GET", server.url)) } == .closed)
        }
    }

    @Test("https to a port that speaks no TLS is an error of TLS")
    func noTLS() async throws {
        let server = try TinyServer { _ in answer() }
        let kind = try await withClient { client async throws in
            await failure {
                _ = try await client.send(
                    HTTPRequest("GET", "https://127.0.0.1:\(server.port)/", timeout: .seconds(1)))
            }
        }
        #expect(kind == .tlsFailed || kind == .timedOut)
    }
}
