import HTTPServing
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DeadlineServingTests {
    @Test("a head that drips in is 408, however often a byte comes")
    func slowHead() async throws {
        try await Fixture.run({ $0.headerTimeout = .milliseconds(60) }) { fixture in
            let socket = try fixture.connect()
            try socket.send("GET / HTTP/1.1\r\nX: ")
            while !socket.isAnswered(within: 5) { try socket.send("x") }
            let text = try socket.receiveToEnd()
            #expect(text.hasPrefix("HTTP/1.1 408 ") && text.contains("connection: close\r\n"))
        }
    }

    @Test("an empty line before a request is the beginning of its time, and no request that draining waits for")
    func emptyLine() async throws {
        try await Fixture.run({ $0.headerTimeout = .milliseconds(60) }) { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/first") + "\r\n")
            #expect(try socket.receiveResponse().text == "GET /first?")
            #expect(try socket.receiveResponse().status == 408)
        }
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/first") + "\r\n")
            #expect(try socket.receiveResponse().text == "GET /first?")
            await fixture.server.drain(grace: .seconds(30))
            #expect(try socket.receiveToEnd().isEmpty)
        }
    }

    @Test("a second request's head has its own time")
    func secondHead() async throws {
        try await Fixture.run({ $0.headerTimeout = .milliseconds(60) }) { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/first") + "GET /sec")
            #expect(try socket.receiveResponse().text == "GET /first?")
            #expect(try socket.receiveResponse().status == 408)
        }
    }

    @Test("a body that comes too slowly is 408")
    func slowBody() async throws {
        try await Fixture.run({ $0.bodyWindow = .milliseconds(60) }) { fixture in
            let socket = try fixture.connect()
            try socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\nx")
            #expect(try socket.receiveResponse().status == 408)
            #expect(await fixture.sees(.failed(.tooSlow)))
            #expect(try socket.receiveToEnd().isEmpty)
        }
    }

    @Test("an idle connection is closed in silence, new or used")
    func idle() async throws {
        try await Fixture.run({ $0.idleTimeout = .milliseconds(60) }) { fixture in
            let fresh = try fixture.connect()
            #expect(try fresh.receiveToEnd().isEmpty)
            let used = try fixture.connect()
            try used.send(Fixture.get("/"))
            _ = try used.receiveResponse()
            #expect(try used.receiveToEnd().isEmpty)
        }
    }

    @Test("a client that reads its answer slowly is not idle, nor is the request behind it late")
    func readsSlowly() async throws {
        try await ListeningTests.inFolder { folder in
            try await Fixture.run({
                $0.idleTimeout = .milliseconds(60)
                $0.headerTimeout = .milliseconds(60)
            }) { fixture in
                _ = try await fixture.server.bind(to: [.unix(path: folder + "/s")])
                let socket = try RawSocket(path: folder + "/s")
                try socket.send(Fixture.get("/large?3000000") + Fixture.get("/second"))
                #expect(try socket.receive(until: "\r\n\r\n").contains("200 OK"))
                // Another connection's whole idle time passes meanwhile.
                for _ in 0..<3 {
                    let other = try RawSocket(path: folder + "/s")
                    #expect(try other.receiveToEnd().isEmpty)
                }
                #expect(try socket.receive(count: 3_000_000).count == 3_000_000)
                #expect(try socket.receiveResponse().text == "GET /second?")
                #expect(try socket.receiveToEnd().isEmpty)
            }
        }
    }

    @Test("a request in hand is not idle")
    func inHand() async throws {
        try await Fixture.run({
            $0.idleTimeout = .milliseconds(30)
            $0.headerTimeout = .milliseconds(30)
            $0.bodyWindow = .milliseconds(30)
        }) { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/held"))
            #expect(!socket.isAnswered(within: 150))
            fixture.handler.release()
            #expect(try socket.receiveResponse().text == "released")
        }
    }

    @Test("a client that does not read is reset")
    func slowReader() async throws {
        try await Fixture.run({ $0.writeTimeout = .milliseconds(60) }) { fixture in
            let socket = try fixture.connect()
            socket.limitReceiveBuffer(to: 4096)
            try socket.send(Fixture.get("/large?20000000"))
            #expect(await fixture.sees(.slowReader))
            #expect(throws: RawSocketFailure.self) { try socket.receive(count: 20_000_000) }
        }
    }
}
