import HTTPServing
import TestSupport
import Testing
import WireProtocol

@Suite("Request bodies that are handed over as they come", .timeLimit(.minutes(1)))
struct StreamedRequestTests {
    @Test(
        "a body is handed over whole, however it comes",
        arguments: [1, 100, 65_536, 400_000, 900_000], [false, true])
    func whole(count: Int, chunked: Bool) async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            let body = String(repeating: "x", count: count)
            for _ in 0..<2 {
                if chunked {
                    try socket.send("POST /stepwise HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                    try socket.send("\(String(count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
                } else {
                    try socket.send(Fixture.post("/stepwise", body))
                }
                #expect(try socket.receiveResponse().text == "\(count)")
            }
        }
    }

    @Test("an empty streamed body ends at once")
    func empty() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.post("/stepwise", ""))
            #expect(try socket.receiveResponse().text == "0")
        }
    }

    @Test("a client that waits for 100 gets it when its body is asked for")
    func continues() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send("POST /stepwise HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            #expect(try socket.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try socket.send("abc")
            #expect(try socket.receiveResponse().text == "3")
        }
    }

    @Test("what follows a streamed request is the next one")
    func pipelined() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.post("/stepwise", "abc") + Fixture.get("/next"))
            #expect(try socket.receiveResponse().text == "3")
            #expect(try socket.receiveResponse().text == "GET /next?")
        }
    }

    @Test("nothing is read while nobody takes the body: the client cannot send more than the kernel holds")
    func backpressure() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n")
            // Answered without a byte of it, so the connection ends.
            let response = try socket.receiveResponse()
            #expect(response.text == "not read" && response["connection"] == "close")
        }
    }

    @Test("a small body that nobody reads is dropped, and the connection lives on")
    func dropped() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.post("/unread", "abc"))
            #expect(try socket.receiveResponse().text == "not read")
            try socket.send(Fixture.get("/next"))
            #expect(try socket.receiveResponse().text == "GET /next?")
        }
    }

    @Test("a chunked body over the limit is 413 when it gets there")
    func tooLarge() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send("POST /stepwise HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "186a0\r\n" + String(repeating: "x", count: 100_000) + "\r\n"
            for _ in 0..<11 { try? socket.send(chunk) }
            #expect(try socket.receiveResponse().status == 413)
        }
    }

    @Test("a body that comes too slowly is 408, one that nobody takes is not")
    func slow() async throws {
        try await Fixture.run({ $0.bodyWindow = .milliseconds(60) }) { fixture in
            let socket = try fixture.connect()
            try socket.send("POST /stepwise HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\nx")
            #expect(try socket.receiveResponse().status == 408)
            #expect(await fixture.sees(.failed(.tooSlow)))
        }
    }

    @Test("a malformed chunk ends the body")
    func malformed() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send("POST /stepwise HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nzz\r\n")
            #expect(try socket.receiveResponse().status == 400)
        }
    }

    @Test("a client that goes away in its body is gone", arguments: [true, false])
    func gone(byReset: Bool) async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send("POST /stepwise HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\nx")
            #expect(await fixture.sees(.part(1)))
            if byReset { socket.reset() } else { socket.close() }
            #expect(await fixture.sees(.gone))
        }
    }

    @Test("a client that closes its side behind a whole body gets its answer")
    func halfClosed() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.post("/stepwise", String(repeating: "x", count: 900_000)))
            socket.finishSending()
            #expect(try socket.receiveResponse().text == "900000")
        }
    }
}
