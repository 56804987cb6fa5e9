import Glibc
import HTTPServing
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConnectionEndTests {
    @Test("a client that closes its side behind a request gets the answer", arguments: [false, true])
    func halfClosed(_ isLater: Bool) async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get(isLater ? "/held" : "/now"))
            socket.finishSending()
            if isLater {
                #expect(await fixture.sees(.gathered(0)))
                fixture.handler.release()
            }
            #expect(try socket.receiveToEnd().hasSuffix(isLater ? "\r\n\r\nreleased" : "\r\n\r\nGET /now?"))
        }
    }

    @Test("a client that closed its side and is not answered in time has gone, and a late answer does nothing")
    func halfClosedUnanswered() async throws {
        try await Fixture.run({ $0.halfClosedTimeout = .milliseconds(60) }) { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/now") + Fixture.get("/held"))
            socket.finishSending()
            #expect(await fixture.sees(.gone))
            fixture.handler.release()
            let text = try socket.receiveToEnd()
            #expect(text.hasSuffix("\r\n\r\nGET /now?"))
            #expect(text.components(of: "HTTP/1.1 ") == 1)
            #expect(fixture.server.openConnections == 0)
        }
    }

    @Test("an answer that has begun goes on to its end though the client closed its side long before")
    func halfClosedBegun() async throws {
        try await Fixture.run({ $0.halfClosedTimeout = .milliseconds(60) }) { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/held"))
            #expect(await fixture.sees(.gathered(0)))
            fixture.handler.begin("text/plain")
            #expect(try socket.receive(until: "\r\n\r\n").contains("text/plain"))
            socket.finishSending()
            #expect(!socket.isAnswered(within: 150))
            fixture.handler.finish("late")
            #expect(try socket.receiveToEnd() == "4\r\nlate\r\n0\r\n\r\n")
        }
    }

    @Test("a client that keeps its side open waits for as long as it likes")
    func open() async throws {
        try await Fixture.run({ $0.halfClosedTimeout = .milliseconds(30) }) { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/held"))
            #expect(!socket.isAnswered(within: 150))
            fixture.handler.release()
            #expect(try socket.receiveResponse().text == "released")
        }
    }

    @Test("a client of a stream of events that closes its side has gone", arguments: [true, false])
    func halfClosedEvents(isBegun: Bool) async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/held"))
            #expect(await fixture.sees(.gathered(0)))
            if isBegun {
                fixture.handler.beginEvents()
                #expect(try socket.receive(until: "\r\n\r\n").contains("text/event-stream"))
                socket.finishSending()
            } else {
                socket.finishSending()
                fixture.handler.beginEvents()
            }
            #expect(await fixture.sees(.gone))
            #expect(try !socket.receiveToEnd().contains("0\r\n\r\n"))
        }
    }

    @Test("all of what a client pipelined before it closed its side is answered")
    func halfClosedPipeline() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send((0..<30).map { Fixture.get("/hop?\($0)") }.joined())
            socket.finishSending()
            let text = try socket.receiveToEnd()
            #expect(text.components(of: "HTTP/1.1 200 OK") == 30)
            #expect(text.hasSuffix("\r\n\r\n29"))
        }
    }

    @Test("a long body behind a request that waits is read though the client closed its side", arguments: [1, 4])
    func halfClosedLong(count: Int) async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            let body = String(repeating: "b", count: 900_000)
            // The system gives more room to a connection on which much was read.
            for _ in 0..<6 {
                try socket.send(Fixture.post("/echo", body))
                #expect(try socket.receiveResponse().body.count == body.utf8.count)
            }
            let bodies = String(repeating: Fixture.post("/echo", body), count: count)
            let request = Array((Fixture.get("/held") + bodies).utf8)
            // A system that has no room for all of it has the client close its side in the middle of a body.
            let isWhole = try socket.sendUntilFull(request) == request.count
            socket.finishSending()
            #expect(await fixture.sees(.gathered(0)))
            fixture.handler.release()
            #expect(try socket.receiveResponse().text == "released")
            // More than is kept ends the connection, at once and not in the middle of an answer.
            let rest = try socket.receiveToEnd()
            let answers = rest.components(of: "HTTP/1.1 200 OK")
            #expect(rest.components(of: "HTTP/1.1 ") == answers && rest.utf8.count / 900_000 == answers)
            #expect(count > 1 || !isWhole || answers == 1)
        }
    }

    @Test("a client that closes its side in the middle of a body is gone")
    func halfBody() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
            #expect(await fixture.sees(.accepted("/echo")))
            socket.finishSending()
            #expect(await fixture.sees(.gone))
            #expect(try socket.receiveToEnd().isEmpty)
        }
    }

    @Test("the answers before a body that never becomes whole are whole")
    func halfBodyBehindLong() async throws {
        let half =
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"
        try await Self.withLongAnswers(behind: half) { fixture, socket, count in
            socket.finishSending()
            let head = try socket.receive(until: "\r\n\r\n")
            let body = try socket.receiveToEnd()
            #expect(head.contains("200 OK") && body.utf8.count == count)
            #expect(await fixture.sees(.gone))
        }
    }

    @Test("the answers before one that is broken off are whole")
    func longBeforeAborted() async throws {
        try await Self.withLongAnswers(behind: Fixture.get("/abort?9")) { _, socket, count in
            let long = try socket.receiveResponse()
            let broken = try socket.receiveToEnd()
            #expect(long.body.count == count && broken.hasSuffix("\r\n\r\nabc"))
        }
    }

    @Test("the answers before a stream of events whose client closed its side are whole", arguments: [false, true])
    func longBeforeEvents(isBegun: Bool) async throws {
        try await Self.withLongAnswers(behind: Fixture.get("/held")) { fixture, socket, count in
            if !isBegun { socket.finishSending() }
            let head = try socket.receive(until: "\r\n\r\n")
            // Bit by bit, until the server can take the next request: what is still to come then waits in its queue.
            let other = try fixture.connect()
            var first = 0
            while !fixture.handler.isHolding {
                if first + 8192 < count { first += try socket.receive(count: 8192).count }
                try other.send(Fixture.get("/other"))
                _ = try other.receiveResponse()
            }
            fixture.handler.beginEvents()
            if isBegun { socket.finishSending() }
            let rest = try socket.receiveToEnd()
            #expect(head.contains("200 OK") && first + rest.utf8.count >= count)
            #expect(await fixture.sees(.gone))
            fixture.handler.forget()
        }
    }

    @Test(
        "a HEAD that a stream of events would answer is answered, and what is behind it, though the client closed its side"
    )
    func headOfEvents() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.sendLast("HEAD /held HTTP/1.1\r\nHost: a\r\n\r\n" + Fixture.get("/next"))
            #expect(await fixture.sees(.gathered(0)))
            fixture.handler.beginEvents()
            fixture.handler.finish("")
            let text = try socket.receiveToEnd()
            #expect(text.components(of: "HTTP/1.1 200 OK") == 2 && text.hasSuffix("GET /next?"))
        }
    }

    @Test("a client that takes its time to read an answer has the whole of it, though the server stops meanwhile")
    func drainUnread() async throws {
        try await ListeningTests.inFolder { folder in
            try await Fixture.run { fixture in
                _ = try await fixture.server.bind(to: [.unix(path: folder + "/s")])
                let idle = try RawSocket(path: folder + "/s")
                let socket = try RawSocket(path: folder + "/s")
                try socket.send(Fixture.get("/large?3000000"))
                #expect(try socket.receive(until: "\r\n\r\n").contains("200 OK"))
                async let drained: Void = fixture.server.drain(grace: .seconds(30))
                #expect(await fixture.sees(.closed))
                #expect(try idle.receiveToEnd().isEmpty)
                #expect(try socket.receiveToEnd().utf8.count == 3_000_000)
                await drained
            }
        }
    }

    /// Asks on connections of their own for answers of many lengths, with `behind` in the same breath: what a Unix socket
    /// takes with nobody reading is some hundred KiB, so some of the answers leave a little of themselves behind.
    private static func withLongAnswers(
        behind: String, _ check: (Fixture, RawSocket, Int) async throws -> Void
    ) async throws {
        try await ListeningTests.inFolder { folder in
            try await Fixture.run { fixture in
                _ = try await fixture.server.bind(to: [.unix(path: folder + "/s")])
                for count in stride(from: 16_384, through: 640_000, by: 16_384) {
                    let socket = try RawSocket(path: folder + "/s")
                    try socket.send(Fixture.get("/large?\(count)") + behind)
                    try await check(fixture, socket, count)
                }
            }
        }
    }

    @Test("a client that closes its side in the middle of a head gets nothing")
    func halfHead() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send("GET / HTTP/1.1\r\nHo")
            socket.finishSending()
            #expect(try socket.receiveToEnd().isEmpty)
        }
    }

    @Test("a client that goes away during a request is told of, and a late answer does nothing")
    func gone() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send(Fixture.get("/held"))
            #expect(await fixture.sees(.gathered(0)))
            socket.reset()
            #expect(await fixture.sees(.gone))
            fixture.handler.release()
            let next = try fixture.connect()
            try next.send(Fixture.get("/next"))
            #expect(try next.receiveResponse().text == "GET /next?")
        }
    }

    @Test("at the cap nothing more is accepted, until a connection closes")
    func cap() async throws {
        try await Fixture.run(threads: 3, { $0.maxConnections = 2 }) { fixture in
            let first = try fixture.connect()
            let second = try fixture.connect()
            for socket in [first, second] {
                try socket.send(Fixture.get("/a"))
                #expect(try socket.receiveResponse().status == 200)
            }
            #expect(await fixture.sees(.paused(.connectionCap)))
            let third = try fixture.connect()
            try third.send(Fixture.get("/third"))
            #expect(!third.isAnswered(within: 100))
            #expect(fixture.server.openConnections == 2)
            first.close()
            #expect(try third.receiveResponse().text == "GET /third?")
            try second.send(Fixture.get("/b"))
            #expect(try second.receiveResponse().status == 200)
        }
    }

    @Test("draining closes what is idle, answers what is in hand, and accepts nothing", arguments: [1, 3])
    func drain(_ threads: Int) async throws {
        try await Fixture.run(threads: threads) { fixture in
            let idle = try fixture.connect()
            try idle.send(Fixture.get("/a"))
            _ = try idle.receiveResponse()
            let fresh = try fixture.connect()
            let busy = try fixture.connect()
            try busy.send(Fixture.get("/held"))
            #expect(await fixture.sees(.gathered(0)))
            async let drained: Void = fixture.server.drain(grace: .seconds(30))
            // Awaited, not received: what blocks a thread of the pool might keep `drain` from running.
            #expect(await fixture.sees(.closed))
            #expect(await fixture.sees(.closed))
            #expect(try idle.receiveToEnd().isEmpty)
            #expect(try fresh.receiveToEnd().isEmpty)
            fixture.handler.release()
            let last = try busy.receiveResponse()
            #expect(last.text == "released" && last["connection"] == "close")
            #expect(try busy.receiveToEnd().isEmpty)
            busy.close()
            await drained
            #expect(fixture.server.openConnections == 0)
            #expect(throws: RawSocketFailure.self) { try fixture.connect() }
        }
    }

    @Test("what the stop waits for no longer is answered at once, where it can be")
    func cutOff() async throws {
        try await Fixture.run { fixture in
            let whole = Fixture.get("/last-word")
            let half = "POST /last-word HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"
            let waiting = try [whole, half, whole, half, half].map { text in
                let socket = try fixture.connect()
                try socket.send(text)
                return socket
            }
            for _ in waiting { #expect(await fixture.sees(.accepted("/last-word"))) }
            await fixture.server.drain(grace: .milliseconds(30))
            for socket in waiting {
                let response = try socket.receiveResponse()
                #expect(response.text == "cut off" && response["connection"] == "close")
            }
        }
    }

    @Test("an answer that ends with its connection and is cut by a stop does not look whole")
    func cutUntilClose() async throws {
        try await Fixture.run { fixture in
            let socket = try fixture.connect()
            try socket.send("GET /held HTTP/1.0\r\n\r\n")
            #expect(await fixture.sees(.gathered(0)))
            fixture.handler.begin("text/plain")
            _ = try socket.receive(until: "\r\n\r\n")
            await fixture.server.drain(grace: .milliseconds(30))
            #expect(throws: RawSocketFailure.system("receive", ECONNRESET)) { try socket.receiveToEnd() }
        }
    }

    @Test("a stop does not wait for half of a head, nor for a body that nobody wants")
    func unfinished() async throws {
        try await Fixture.run { fixture in
            let head = try fixture.connect()
            try head.send("GET / HTTP/1.1\r\nHo")
            let body = try fixture.connect()
            try body.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
            #expect(try body.receiveResponse().status == 403)
            async let drained: Void = fixture.server.drain(grace: .seconds(600))
            // Awaited, not received: what blocks a thread of the pool might keep `drain` from running.
            #expect(await fixture.sees(.refused(.tooSlow)))
            #expect(try head.receiveResponse().status == 408)
            #expect(try body.receiveToEnd().isEmpty)
            body.close()
            await drained
        }
    }

    @Test("what is not answered within the grace is broken off")
    func grace() async throws {
        try await Fixture.run { fixture in
            let busy = try fixture.connect()
            try busy.send(Fixture.get("/held"))
            #expect(await fixture.sees(.gathered(0)))
            await fixture.server.drain(grace: .milliseconds(30))
            #expect(await fixture.sees(.gone))
            #expect(fixture.server.openConnections == 0)
        }
    }
}
