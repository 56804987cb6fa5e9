import Testing

@testable import OutboundHTTP

@Suite struct RedirectTests {
    struct Case: Sendable {
        var status: Int
        var method = "GET"
        var location: String? = "/next"
        var expected: String?
        var failure: HTTPClientError.Kind?
    }

    @Test(
        "where a redirect leads, and as what",
        arguments: [
            Case(status: 200, expected: nil), Case(status: 304, expected: nil), Case(status: 300, expected: nil),
            Case(status: 302, location: nil, expected: nil),
            Case(status: 301, expected: "GET http://a.test:81/next"),
            Case(status: 302, method: "POST", expected: "GET http://a.test:81/next"),
            Case(status: 301, method: "POST", expected: "GET http://a.test:81/next"),
            Case(status: 302, method: "PUT", expected: "PUT http://a.test:81/next +body"),
            Case(status: 303, method: "PUT", expected: "GET http://a.test:81/next"),
            Case(status: 303, method: "HEAD", expected: "HEAD http://a.test:81/next +body"),
            Case(status: 307, method: "POST", expected: "POST http://a.test:81/next +body"),
            Case(status: 308, method: "DELETE", expected: "DELETE http://a.test:81/next +body"),
            Case(status: 301, location: "x?y=1", expected: "GET http://a.test:81/dir/x?y=1"),
            Case(status: 301, location: "?y=1", expected: "GET http://a.test:81/dir/page?y=1"),
            Case(status: 301, location: "../../up", expected: "GET http://a.test:81/up"),
            Case(status: 301, location: "//b.test/x", expected: "GET http://b.test/x"),
            Case(status: 301, location: "http://b.test/x", expected: "GET http://b.test/x"),
            Case(status: 301, location: "https://a.test:81/x", failure: .redirectRefused),
            Case(status: 301, location: "file:///etc/passwd", failure: .redirectRefused),
            Case(status: 301, location: "gopher://a.test/", failure: .redirectRefused),
            Case(status: 301, location: "javascript:1", failure: .redirectRefused),
            Case(status: 301, location: "http://a.test/a b", failure: .redirectRefused),
            Case(status: 301, location: "http://", failure: .redirectRefused),
            Case(status: 301, location: "http://a.test/\u{1}", failure: .redirectRefused),
        ])
    func table(_ test: Case) throws {
        let hop = try Hop(
            HTTPRequest(
                test.method, "http://a.test:81/dir/page", body: test.method == "GET" ? .none : .text("b"),
                redirects: 3))
        do {
            let next = try hop.following(
                status: test.status, location: test.location, hasBodyBegun: false)
            #expect(test.failure == nil)
            #expect(
                next.map { "\($0.method) \($0.address.text)\($0.body.isNone ? "" : " +body")" }
                    == test.expected)
        } catch {
            #expect(error.kind == test.failure)
        }
    }

    @Test(
        "credentials go to the same scheme, host and port only, and a redirect brings none",
        arguments: [
            ("/x", "http://me:secret@a.test/x", true), ("http://a.test:80/x", "http://me:secret@a.test:80/x", true),
            ("http://A.TEST/x", nil, true), ("http://you:other@a.test/x", "http://me:secret@a.test/x", true),
            ("http://b.test/x", "http://b.test/x", false), ("http://a.test:81/x", "http://a.test:81/x", false),
            ("http://a.test.evil/x", "http://a.test.evil/x", false),
            ("http://you:other@b.test/x", "http://b.test/x", false),
        ] as [(String, String?, Bool)])
    func credentials(location: String, expected: String?, isKept: Bool) throws {
        let headers: HTTPHeaders = [
            "Authorization": "Bearer t", "Cookie": "c=1", "X-Api-Key": "k", "Host": "virtual", "Accept": "a/b",
        ]
        let hop = try Hop(HTTPRequest("GET", "http://me:secret@a.test/", headers: headers, redirects: 2))
        let next = try #require(try hop.following(status: 302, location: location, hasBodyBegun: false))
        if let expected { #expect(next.address.text == expected) }
        #expect(next.headers.map(\.name) == (isKept ? headers.map(\.name) : ["Accept"]))
        // What is left behind does not come back on the way back.
        let back = try #require(
            try next.following(status: 302, location: "http://a.test/", hasBodyBegun: false))
        if !isKept { #expect(back.address.text == "http://a.test/" && back.headers["cookie"] == nil) }
    }

    @Test("a GET made of a POST has no headers of a body, and a body that was begun is not sent elsewhere")
    func bodies() throws {
        let request = HTTPRequest(
            "POST", "http://a.test/", headers: ["Content-Type": "text/x", "X-A": "1"],
            body: .stream { _ in }, redirects: 1)
        let next = try #require(
            try Hop(request).following(status: 303, location: "/x", hasBodyBegun: true))
        #expect(next.headers.map(\.name) == ["X-A"])
        #expect(throws: HTTPClientError.self) {
            try Hop(request).following(status: 307, location: "/x", hasBodyBegun: true)
        }
    }

    @Test("redirects are followed as far as the request says, and a loop ends", arguments: [true, false])
    func followed(isStreamed: Bool) async throws {
        let server = try TinyServer { request in
            let step = Int(request.line.split(separator: " ")[1].dropFirst()) ?? 0
            if step == 99 { return answer("302 Found", ["Location: /99"]) }
            return step < 3
                ? answer("302 Found", ["Location: /\(step + 1)"], body: "on") : answer(body: "there")
        }
        try await withClient { client async throws in
            let send: @Sendable (String, Int) async throws -> [UInt8] = { path, redirects in
                let request = HTTPRequest("GET", server.url + path, redirects: redirects, retries: .never)
                if isStreamed {
                    return try await client.withResponse(to: request) { try await $0.body.collect() }
                }
                return try await client.send(request).body
            }
            #expect(try await send("/0", 3) == Array("there".utf8))
            #expect(server.connectionCount == 1)
            #expect(await failure { _ = try await send("/0", 2) } == .tooManyRedirects)
            #expect(try await send("/0", 0) == Array("on".utf8))
            #expect(await failure { _ = try await send("/99", 5) } == .tooManyRedirects)
        }
        // Four, three, one and six.
        #expect(server.requests.count == 14)
    }

    @Test("another server gets no credentials")
    func otherServer() async throws {
        let other = try TinyServer { _ in answer(body: "other") }
        let server = try TinyServer { _ in answer("307 Elsewhere", ["Location: \(other.url)/x"]) }
        let response = try await withClient {
            try await $0.send(
                HTTPRequest(
                    "PUT", server.url.replacing("http://", with: "http://user:pass@"),
                    headers: ["X-Api-Key": "k", "Cookie": "c", "Content-Type": "text/x"], body: .text("b"),
                    redirects: 1))
        }
        #expect(response.body == Array("other".utf8))
        let request = try #require(other.requests.first)
        #expect(request.header("authorization") == nil)
        #expect(request.header("x-api-key") == nil)
        #expect(request.header("cookie") == nil)
        #expect(request.header("host") == "127.0.0.1:\(other.port)")
        #expect(request.header("content-type") == "text/x")
        #expect(request.body == [98])
        #expect(server.requests.first?.header("authorization") != nil)
    }
}
