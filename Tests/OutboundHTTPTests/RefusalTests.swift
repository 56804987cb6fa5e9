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
            "127.0.0.1", "http://127.0.0.1/a b", "http://127.0.0.1/a\r\nX: y", "http://127.0.0.1/a\nb",
            "http://127.0.0.1/ä", "http://127.0.0.1:0/", "HTTP\0://127.0.0.1",
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
            ("GET", "X-A", "a\0b"), ("CONNECT", "X-A", "1"), ("GET", "Content-Length", "5"),
            ("POST", "transfer-encoding", "chunked"), ("GET", "Connection", "X-A"), ("GET", "Upgrade", "h2c"),
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

    @Test("a request that waits for a connection is given up after its timeout too, and the one that has it goes on")
    func waiting() async throws {
        let go = Gate()
        let server = try TinyServer { request in
            go.wait()
            return answer()
        }
        try await withClient(.init(connectionsToOneHost: 1)) { client async throws in
            async let first = client.send(HTTPRequest("GET", server.url, timeout: .seconds(60)))
            #expect(await eventually { server.requests.count == 1 })
            let second = await failure {
                _ = try await client.send(HTTPRequest("GET", server.url, timeout: .milliseconds(100)))
            }
            #expect(second == .timedOut)
            go.open()
            #expect(try await first.status == 200)
            #expect(try await client.send(HTTPRequest("GET", server.url)).status == 200)
        }
        #expect(server.connectionCount == 1)
    }

    @Test("connecting, TLS included, is given up after a time of its own")
    func connectTimeout() async throws {
        let server = try TinyServer(talking: { peer, _ in _ = peer.drain() })
        try await withClient { client async throws in
            let request = HTTPRequest(
                "POST", "https://127.0.0.1:\(server.port)/", timeout: .seconds(600), connectTimeout: .milliseconds(100),
                retries: .never)
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(request) }
            #expect(error?.kind == .timedOut && error?.mayHaveBeenSent == false)
            #expect(await eventually { server.endedCount == server.connectionCount })
        }
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
        "what breaks off is an error, and so is what is no HTTP or has two meanings",
        arguments: [
            ("", .brokenOff), ("HTTP/1.1 200 OK\r\nContent-Len", .brokenOff),
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .brokenOff),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", .brokenOff),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", .brokenOff),
            ("hello\r\n\r\n", .malformedAnswer), ("HTTP/1.1 2x0 OK\r\n\r\n", .malformedAnswer),
            ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", .malformedAnswer),
            ("HTTP/1.1 200 OK\r\nName : spaced\r\n\r\n", .malformedAnswer),
            ("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", .malformedAnswer),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", .malformedAnswer),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .malformedAnswer),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .malformedAnswer),
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", .malformedAnswer),
        ] as [(String, HTTPClientError.Kind)])
    func broken(text: String, expected: HTTPClientError.Kind) async throws {
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveRequest()
            _ = peer.send(text)
        })
        try await withClient { client async throws in
            let request = HTTPRequest("GET", server.url, retries: .never)
            #expect(await failure { _ = try await client.send(request) } == expected)
            let streamed = await failure {
                _ = try await client.withResponse(to: request) { try await $0.body.collect() }
            }
            #expect(streamed == expected)
        }
    }

    @Test("an answer that is reset half-way is an error", arguments: [true, false])
    func reset(isStreamed: Bool) async throws {
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveRequest()
            _ = peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc")
            peer.reset()
        })
        let kind = try await withClient { client async throws in
            await failure {
                let request = HTTPRequest("GET", server.url, retries: .never)
                if isStreamed {
                    _ = try await client.withResponse(to: request) { try await $0.body.collect() }
                } else {
                    _ = try await client.send(request)
                }
            }
        }
        #expect(kind == .brokenOff)
    }

    @Test("a server that drips is given up after the timeout")
    func drip() async throws {
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveRequest()
            _ = peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while peer.send("x") { usleep(5000) }
        })
        try await withClient { client async throws in
            let request = HTTPRequest("GET", server.url, timeout: .milliseconds(200))
            #expect(await failure { _ = try await client.send(request) } == .timedOut)
            let streamed = await failure {
                _ = try await client.withResponse(to: request) { try await $0.body.collect() }
            }
            #expect(streamed == .timedOut)
            #expect(await eventually { server.endedCount == server.connectionCount })
        }
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
