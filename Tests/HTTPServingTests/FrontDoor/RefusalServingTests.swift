import TestSupport
import Testing
import WireProtocol

/// What the parser refuses, as a client meets it.
@Suite("Refusals over a socket", .timeLimit(.minutes(1)))
struct RefusalServingTests {
    @Test(
        "refused bytes get exactly one answer and the connection's end, and nothing behind them is a request",
        arguments: RefusalCase.all)
    func refused(_ refusal: RefusalCase) async throws {
        let failure = try #require(ParseFailure(rawValue: refusal.reason))
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(refusal.bytes + RefusalCase.smuggled)
            let answer = try socket.receiveResponse()
            #expect(answer.status == refusal.status)
            #expect(answer.text == refusal.reason)
            #expect(answer["connection"] == "close")
            #expect(try socket.receiveToEnd().isEmpty)
            #expect(await fixture.sees(failure == .chunk ? .failed(failure) : .refused(failure)))
            // A chunk's head is a good one; any other refusal comes before there is a request.
            #expect(fixture.server.requests == (failure == .chunk ? 1 : 0))
        }
    }

    @Test("it is the same when they come in pieces, behind a good request", arguments: RefusalCase.all)
    func inPieces(_ refusal: RefusalCase) async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            socket.sendAtOnce()
            try socket.send(Fixture.get("/first"))
            #expect(try socket.receiveResponse().text == "GET /first?")
            let bytes = Array((refusal.bytes + RefusalCase.smuggled).utf8)
            let piece = max(1, bytes.count / 100)
            for start in stride(from: 0, to: bytes.count, by: piece) {
                // What comes too late to be looked at is thrown away, and need not be taken.
                try? socket.send(Array(bytes[start..<min(bytes.count, start + piece)]))
            }
            let answer = try socket.receiveResponse()
            #expect(answer.status == refusal.status)
            #expect(answer.text == refusal.reason)
            #expect(try socket.receiveToEnd().isEmpty)
            #expect(fixture.server.requests == (refusal.reason == "chunk" ? 2 : 1))
        }
    }

    @Test(
        "a HEAD that is refused is told the length of what it does not get",
        arguments: ["HEAD / HTTP/1.1\r\n\r\n", "HEAD /.. HTTP/1.1\r\n", "HEAD / HTTP/1.1\r\nHost: a\r\nA : b\r\n"])
    func head(_ bytes: String) async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(bytes)
            let text = try socket.receiveToEnd()
            #expect(text.hasPrefix("HTTP/1.1 400 ") && text.hasSuffix("\r\n\r\n"))
            #expect(!text.contains("content-length: 0\r\n"))
            let after = try fixture.connect()
            try after.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try after.receiveResponse(hasBody: false)
            try after.send("\u{16}")
            #expect(try after.receiveToEnd().hasSuffix("\r\n\r\nrequestLine"))
        }
    }

    @Test("just below each limit a request is served")
    func limits() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/a", String(repeating: "A: b\r\n", count: 99)))
            #expect(try socket.receiveResponse().text == "GET /a?")
            try socket.send(Fixture.get("/b", "A: \(String(repeating: "b", count: 16_000))\r\n"))
            #expect(try socket.receiveResponse().text == "GET /b?")
            let long = "/" + String(repeating: "c", count: 8191)
            try socket.send(Fixture.get(long))
            #expect(try socket.receiveResponse().text == "GET \(long)?")
            let fields = "Transfer-Encoding: chunked\r\n\r\n"
            try socket.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\n\(fields)1;\(String(repeating: "d", count: 4000))\r\nx\r\n0\r\n"
                    + "A: \(String(repeating: "e", count: 8000))\r\n\r\n")
            #expect(try socket.receiveResponse().text == "x")
        }
    }

    @Test("HTTP/1.0 may come without Host, and the absolute form may name the same one")
    func hosts() async throws {
        try await Fixture.run { fixture in
            let old = try fixture.connect()
            try old.send("GET /old HTTP/1.0\r\n\r\n")
            #expect(try old.receiveToEnd().hasSuffix("\r\n\r\nGET /old?"))
            let socket = try fixture.connect()
            try socket.send("GET http://A:80/x/../b?c HTTP/1.1\r\nHost: a:80\r\n\r\n")
            #expect(try socket.receiveResponse().text == "GET /b?c")
        }
    }

    @Test(
        "every way to write a path is one and the same path to the handler",
        arguments: [
            ("//plain", "/plain"), ("/./plain", "/plain"), ("/x/../plain", "/plain"), ("/x/%2e%2e/plain", "/plain"),
            ("/%70lain", "/plain"), ("/plain/.", "/plain/"), ("/x//..//plain", "/plain"), ("/%2e/plain", "/plain"),
            ("/plain;x", "/plain;x"), ("/PLAIN", "/PLAIN"), ("/%252e%252e/plain", "/%2e%2e/plain"),
            ("/..;/plain", "/..;/plain"), ("/%C3%A4", "/ä"),
        ])
    func paths(_ target: String, _ path: String) async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get(target))
            #expect(try socket.receiveResponse().text == "GET \(path)?")
        }
    }
}
