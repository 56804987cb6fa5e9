import Testing

@testable import OutboundHTTP

@Suite struct RequestTests {
    @Test("a GET brings status, headers and body", .timeLimit(.minutes(1)))
    func get() async throws {
        let server = try TinyServer { _ in
            answer("203 Fine", ["X-One: 1", "X-Two:  2 ", "Set-Cookie: a", "Set-Cookie: b"], body: "hello")
        }
        let response = try await withClient { try await $0.send(HTTPRequest("GET", "\(server.url)/a?b=c")) }
        #expect(response.status == 203)
        #expect(response.headers["x-one"] == "1")
        #expect(response.headers["X-TWO"] == "2")
        #expect(response.headers.values(of: "set-cookie") == ["a", "b"])
        #expect(response.body == Array("hello".utf8))
        #expect(response.isSuccess)
        let request = try #require(server.requests.first)
        #expect(request.line == "GET /a?b=c HTTP/1.1")
        #expect(request.headers.contains("Host: 127.0.0.1:\(server.port)"))
    }

    @Test(
        "methods and bodies arrive as they were given",
        arguments: [
            ("POST", "{\"a\":1}"), ("PUT", "x"), ("PATCH", ""), ("POST", ""), ("DELETE", ""),
            ("DELETE", "why"),
            ("OPTIONS", ""), ("REPORT", ""),
        ])
    func methods(method: String, body: String) async throws {
        let server = try TinyServer { _ in answer() }
        _ = try await withClient {
            try await $0.send(
                HTTPRequest(
                    method, server.url, headers: ["Content-Type": "text/x", "X-Empty": ""],
                    body: .text(body)))
        }
        let request = try #require(server.requests.first)
        #expect(request.line == "\(method) / HTTP/1.1")
        #expect(request.body == Array(body.utf8))
        #expect(request.headers.contains("Content-Type: text/x"))
        #expect(request.headers.contains("X-Empty:"))
        #expect(!request.headers.contains { $0.lowercased().hasPrefix("expect") })
        let hasLength = request.headers.contains("Content-Length: \(body.utf8.count)")
        #expect(hasLength == (!body.isEmpty || ["POST", "PUT", "PATCH"].contains(method)))
    }

    @Test("without a content type none is made up")
    func contentType() async throws {
        let server = try TinyServer { _ in answer() }
        _ = try await withClient { try await $0.send(HTTPRequest("POST", server.url, body: [1])) }
        #expect(
            server.requests.first?.headers.contains { $0.lowercased().hasPrefix("content-type") } == false)
    }

    @Test("HEAD has headers and no body")
    func head() async throws {
        let server = try TinyServer { _ in Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".utf8) }
        let response = try await withClient { try await $0.send(HTTPRequest("HEAD", server.url)) }
        #expect(response.headers["content-length"] == "5")
        #expect(response.body.isEmpty)
    }

    @Test("a large body goes and comes whole")
    func large() async throws {
        let server = try TinyServer { request in
            Array("HTTP/1.1 200 OK\r\nContent-Length: \(request.body.count)\r\n\r\n".utf8) + request.body
        }
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        let response = try await withClient { try await $0.send(HTTPRequest("POST", server.url, body: .bytes(body))) }
        #expect(response.body == body)
    }

    @Test("chunks are put together, trailers and interim answers dropped")
    func chunks() async throws {
        let server = try TinyServer { _ in
            Array(
                """
                HTTP/1.1 103 Early Hints\r
                X-Early: 1\r
                \r
                HTTP/1.1 200 OK\r
                Transfer-Encoding: chunked\r
                \r
                3\r
                abc\r
                2\r
                de\r
                0\r
                X-Trailer: 1\r
                \r

                """.utf8)
        }
        let response = try await withClient { try await $0.send(HTTPRequest("GET", server.url)) }
        #expect(response.body == Array("abcde".utf8))
        #expect(response.status == 200)
        #expect(response.headers["x-early"] == nil)
        #expect(response.headers["x-trailer"] == nil)
    }

    @Test("a status of 400 and above is an answer", arguments: [400, 404, 500, 503])
    func statuses(code: Int) async throws {
        let server = try TinyServer { _ in answer("\(code) Oh", body: "no") }
        let response = try await withClient { try await $0.send(HTTPRequest("GET", server.url)) }
        #expect(response.status == code)
        #expect(response.body == Array("no".utf8))
    }

    @Test("redirects are not followed")
    func redirects() async throws {
        let server = try TinyServer { _ in answer("302 Found", ["Location: /elsewhere"]) }
        let response = try await withClient { try await $0.send(HTTPRequest("GET", server.url)) }
        #expect(response.status == 302)
        #expect(server.requests.count == 1)
    }

    @Test("cookies and credentials are not carried over")
    func noMemory() async throws {
        let server = try TinyServer { _ in answer("200 OK", ["Set-Cookie: secret=1"]) }
        try await withClient { client async throws in
            _ = try await client.send(
                HTTPRequest("GET", server.url.replacing("http://", with: "http://user:pass@")))
            _ = try await client.send(HTTPRequest("GET", server.url))
        }
        let second = try #require(server.requests.last)
        #expect(server.requests.first?.headers.contains { $0.hasPrefix("Authorization: Basic") } == true)
        #expect(
            !second.headers.contains { $0.lowercased().hasPrefix("cookie") || $0.hasPrefix("Authorization") })
    }

    @Test("a connection is used again, and many requests at once are all answered")
    func reuse() async throws {
        let server = try TinyServer { answer(body: $0.line) }
        try await withClient { client async throws in
            for number in 0..<5 { _ = try await client.send(HTTPRequest("GET", "\(server.url)/\(number)")) }
            #expect(server.connectionCount == 1)
            let bodies = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        String(
                            decoding: try await client.send(HTTPRequest("GET", "\(server.url)/x\(number)"))
                                .body, as: UTF8.self)
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(bodies == Set((0..<100).map { "GET /x\($0) HTTP/1.1" }))
            #expect(server.connectionCount <= HTTPClientConfiguration().connectionsToOneHost)
        }
    }

    @Test("a connection that the server closed meanwhile is replaced")
    func stale() async throws {
        let server = try TinyServer { request in
            request.line.contains("/last") ? answer("200 OK", ["Connection: close"]) : answer()
        }
        try await withClient { client async throws in
            _ = try await client.send(HTTPRequest("GET", server.url))
            _ = try await client.send(HTTPRequest("GET", "\(server.url)/last"))
            #expect(try await client.send(HTTPRequest("GET", server.url)).status == 200)
        }
        #expect(server.connectionCount == 2)
    }

    @Test("a name is looked up and kept in the Host field")
    func names() async throws {
        let server = try TinyServer { _ in answer() }
        let response = try await withClient {
            try await $0.send(HTTPRequest("GET", "http://localhost:\(server.port)/"))
        }
        #expect(response.status == 200)
        #expect(server.requests.first?.headers.contains("Host: localhost:\(server.port)") == true)
    }
}
