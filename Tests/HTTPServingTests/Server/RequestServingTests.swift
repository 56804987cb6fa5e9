import HTTPServing
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RequestServingTests {
    @Test("a request is answered with a date and without a Server field", arguments: [1, 3])
    func plain(_ threads: Int) async throws {
        try await Fixture.run(threads: threads) { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/a/./b?c"))
            let response = try socket.receiveResponse()
            #expect(response.status == 200)
            #expect(response.text == "GET /a/b?c")
            #expect(response["date"]?.hasSuffix(" GMT") == true)
            #expect(response["server"] == nil)
            #expect(response["connection"] == nil)
        }
    }

    @Test("a connection lives on for many requests, with and without bodies")
    func keepAlive() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            for round in 0..<20 {
                try socket.send(Fixture.get("/\(round)"))
                #expect(try socket.receiveResponse().text == "GET /\(round)?")
                try socket.send(Fixture.post("/echo", "body \(round)"))
                #expect(try socket.receiveResponse().text == "body \(round)")
            }
            #expect(fixture.server.openConnections == 1)
            #expect(fixture.server.requests == 40)
        }
    }

    @Test("a request that comes byte by byte is answered")
    func drip() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            for byte in (Fixture.post("/echo", "hello") + Fixture.get("/next")).utf8 {
                try socket.send([byte])
            }
            #expect(try socket.receiveResponse().text == "hello")
            #expect(try socket.receiveResponse().text == "GET /next?")
        }
    }

    @Test("pipelined requests are answered in order, at once or later")
    func pipelined() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            var requests = ""
            for number in 0..<200 {
                requests += Fixture.get(number.isMultiple(of: 3) ? "/hop?\(number)" : "/now?\(number)")
                if number.isMultiple(of: 5) { requests += Fixture.post("/echo", "\(number)") }
            }
            try socket.send(requests)
            for number in 0..<200 {
                let expected = number.isMultiple(of: 3) ? "\(number)" : "GET /now?\(number)"
                #expect(try socket.receiveResponse().text == expected)
                if number.isMultiple(of: 5) { #expect(try socket.receiveResponse().text == "\(number)") }
            }
        }
    }

    @Test("a client that pipelines behind a request in hand is held up, not hoarded")
    func pipelineBound() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/held"))
            #expect(await fixture.sees(.gathered(0)))
            let block = Array(
                String(repeating: Fixture.get("/\(String(repeating: "p", count: 4000))"), count: 16).utf8)
            var sent = 0
            var refusals = 0
            while refusals < 20, sent < 256 << 20 {
                let count = socket.sendWithoutWaiting(block)
                sent += count
                refusals = count == 0 ? refusals + 1 : 0
                if count == 0 { _ = socket.isAnswered(within: 5) }
            }
            #expect(sent < 256 << 20)
        }
    }

    @Test("chunked bodies are gathered, large ones too")
    func chunked() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            let part = String(repeating: "z", count: 70_000)
            let size = String(part.utf8.count, radix: 16)
            try socket.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "\(size)\r\n\(part)\r\n3;x=y\r\nabc\r\n\(size)\r\n\(part)\r\n0\r\nX-T: 1\r\n\r\n")
            #expect(try socket.receiveResponse().text == part + "abc" + part)
            try socket.send(Fixture.post("/echo", part))
            #expect(try socket.receiveResponse().text == part)
        }
    }

    @Test("HEAD, 204 and 304 have no body; HEAD tells the length it would have")
    func noBody() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send("HEAD /large?1234 HTTP/1.1\r\nHost: a\r\n\r\n")
            let head = try socket.receiveResponse(hasBody: false)
            #expect(head["content-length"] == "1234")
            try socket.send(Fixture.get("/empty"))
            let empty = try socket.receiveResponse()
            #expect(empty.status == 204)
            #expect(empty["content-length"] == nil)
            try socket.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try socket.receiveResponse(hasBody: false).status == 200)
            try socket.send(Fixture.get("/next"))
            #expect(try socket.receiveResponse().text == "GET /next?")
        }
    }

    @Test("100 is sent to a client that waits for it, and not where the limit refuses the body")
    func expectation() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            let head = "POST /small HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
            try socket.send("\(head)5\r\n\r\n")
            #expect(try socket.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try socket.send("hello")
            #expect(try socket.receiveResponse().text == "hello")
            try socket.send("\(head)5\r\n\r\nhello")
            #expect(try socket.receiveResponse().status == 200)
            try socket.send("\(head)11\r\n\r\n")
            let refused = try socket.receiveResponse()
            #expect(refused.status == 413)
            #expect(refused["connection"] == "close")
            #expect(try socket.receiveToEnd().isEmpty)
        }
    }

    @Test("HTTP/1.0 ends its connection unless it asks, and a body of unknown length ends with it")
    func version10() async throws {
        try await Fixture.run { fixture in
            let once = try fixture.connect()
            try once.send("GET /a HTTP/1.0\r\n\r\n")
            let text = try once.receiveToEnd()
            #expect(
                text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.hasSuffix("connection: close\r\n\r\nGET /a?"))
            let kept = try fixture.connect()
            try kept.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try kept.receiveResponse()["connection"] == "keep-alive")
            try kept.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let streamed = try kept.receiveToEnd()
            #expect(streamed.hasSuffix("\r\n\r\nabcdefg"))
            #expect(!streamed.contains("chunked"))
        }
    }

    @Test("connections are spread over the loops, each knowing its own")
    func roundRobin() async throws {
        try await Fixture.run(threads: 3) { fixture in
            var loops: Set<String> = []
            let sockets = try (0..<3).map { _ in try fixture.connect() }
            for socket in sockets {
                try socket.send(Fixture.get("/loop"))
                loops.insert(try socket.receiveResponse().text)
            }
            #expect(loops == ["0 127.0.0.1", "1 127.0.0.1", "2 127.0.0.1"])
        }
    }
}
