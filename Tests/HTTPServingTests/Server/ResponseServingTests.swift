import HTTPServing
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ResponseServingTests {
    @Test("a response in parts goes out chunked, or by its length where it was told")
    func streamed() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/stream"))
            let chunked = try socket.receiveResponse()
            #expect(chunked["transfer-encoding"] == "chunked")
            #expect(chunked.text == "abcdefg")
            try socket.send(Fixture.get("/stream?7"))
            let counted = try socket.receiveResponse()
            #expect(counted["content-length"] == "7")
            #expect(counted["transfer-encoding"] == nil)
            #expect(counted.text == "abcdefg")
        }
    }

    @Test("more than the length that was told is cut; less breaks the connection off")
    func wrongLength() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/stream?5"))
            #expect(try socket.receiveResponse().text == "abcde")
            try socket.send(Fixture.get("/stream?9"))
            #expect(try socket.receiveToEnd().hasSuffix("\r\n\r\nabcdefg"))
        }
    }

    @Test("a response that is broken off is seen to be")
    func aborted() async throws {
        try await Fixture.run { fixture in
            let chunked = try fixture.connect()
            try chunked.send(Fixture.get("/abort"))
            #expect(try chunked.receiveToEnd().hasSuffix("3\r\nabc\r\n"))
            let counted = try fixture.connect()
            try counted.send(Fixture.get("/abort?10"))
            #expect(try counted.receiveToEnd().hasSuffix("\r\n\r\nabc"))
            let old = try fixture.connect()
            try old.send("GET /abort HTTP/1.0\r\n\r\n")
            #expect(throws: RawSocketFailure.self) { try old.receiveToEnd() }
        }
    }

    @Test("a writer is held back while the client does not read, and goes on when it does")
    func backpressure() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/flood?200"))
            let response = try socket.receiveResponse()
            #expect(response.body.count == 200 * 65_536)
            try socket.send(Fixture.get("/next"))
            #expect(try socket.receiveResponse().text == "GET /next?")
        }
    }

    @Test("pipelined large responses to a client that reads late all arrive")
    func pipelinedLarge() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(String(repeating: Fixture.get("/large?300000"), count: 40))
            for _ in 0..<40 { #expect(try socket.receiveResponse().body.count == 300_000) }
        }
    }

    @Test("only the first answer counts, and a late one never reaches the next request")
    func once() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/twice"))
            #expect(try socket.receiveResponse().text == "first")
            try socket.send(Fixture.get("/held"))
            #expect(await fixture.sees(.gathered(0)))
            fixture.handler.release()
            #expect(try socket.receiveResponse().text == "released")
            try socket.send(Fixture.get("/stale") + Fixture.get("/held"))
            #expect(try socket.receiveResponse().text == "right")
            fixture.handler.release("again")
            #expect(try socket.receiveResponse().text == "again")
            try socket.send(Fixture.get("/end"))
            #expect(try socket.receiveResponse().text == "GET /end?")
        }
    }

    @Test("a response that would break the message is 502, with nothing of it on the wire")
    func refused() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/bad"))
            let bad = try socket.receiveResponse()
            #expect(bad.status == 502)
            #expect(bad["set-cookie"] == nil && bad["x"] == nil)
            #expect(await fixture.sees(.badResponse(.field)))
            try socket.send(Fixture.get("/framed"))
            #expect(try socket.receiveResponse().status == 502)
            #expect(await fixture.sees(.badResponse(.framing)))
            try socket.send(Fixture.get("/next"))
            #expect(try socket.receiveResponse().text == "GET /next?")
        }
    }

    @Test("broken bytes get exactly one response, and the connection ends")
    func broken() async throws {
        try await Fixture.run { fixture in
            for bytes in [
                "GET / HTTP/1.1\r\n\r\n" + Fixture.get("/smuggled"),
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                    + Fixture.get("/smuggled"),
                "GET / HTTP/1.1\nHost: a\n\n" + Fixture.get("/smuggled"),
            ] {
                let socket = try fixture.connect()
                try socket.send(bytes)
                let text = try socket.receiveToEnd()
                #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
                #expect(text.contains("connection: close\r\n"))
                #expect(text.components(of: "HTTP/1.1 ") == 1)
            }
        }
    }

    @Test("a broken chunk ends with the receiver's answer and the connection's end")
    func brokenChunk() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(
                Fixture.get("/first")
                    + "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n"
                    + Fixture.get("/smuggled"))
            #expect(try socket.receiveResponse().text == "GET /first?")
            let text = try socket.receiveToEnd()
            #expect(text.hasPrefix("HTTP/1.1 400 ") && text.hasSuffix("chunk"))
            #expect(text.components(of: "HTTP/1.1 ") == 1)
            #expect(await fixture.sees(.failed(.chunk)))
        }
    }

    @Test("an answer before the body is read: up to 64 KiB are read on, past them nothing is a request")
    func unread() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(
                Fixture.post("/refuse", String(repeating: "b", count: 60_000)) + Fixture.get("/next"))
            let short = try socket.receiveResponse()
            #expect(short.status == 403 && short["connection"] == nil)
            #expect(try socket.receiveResponse().text == "GET /next?")
            let smuggled = String(repeating: Fixture.get("/smuggled"), count: 2_000)
            try socket.send(Fixture.post("/refuse", smuggled))
            let long = try socket.receiveToEnd()
            #expect(long.hasPrefix("HTTP/1.1 403 ") && long.contains("connection: close\r\n"))
            #expect(long.components(of: "HTTP/1.1 ") == 1)
        }
    }

    @Test("a body over the limit is 413, by its length or on the way")
    func tooLarge() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.post("/small", "0123456789"))
            #expect(try socket.receiveResponse().text == "0123456789")
            try socket.send(Fixture.post("/small", "0123456789a") + Fixture.get("/next"))
            #expect(try socket.receiveResponse().status == 413)
            #expect(try socket.receiveResponse().text == "GET /next?")
            try socket.send(
                "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n"
            )
            #expect(try socket.receiveResponse().status == 413)
            #expect(await fixture.sees(.failed(.bodyTooLarge)))
            try socket.send(Fixture.get("/next"))
            #expect(try socket.receiveResponse().text == "GET /next?")
        }
    }
}

extension String {
    /// How often `part` occurs.
    func components(of part: String) -> Int { ranges(of: part).count }
}
