import Glibc
import TestSupport
import Testing

/// Clients that take their time, while others want to be served.
@Suite("Slow clients", .timeLimit(.minutes(1)))
struct SlowClientTests {
    @Test(
        "heads that drip, bodies that stall, clients that do not read or say nothing end each in its way, and others are served"
    )
    func together() async throws {
        try await Fixture.run({
            $0.headerTimeout = .milliseconds(300)
            $0.idleTimeout = .milliseconds(300)
            $0.bodyWindow = .milliseconds(300)
            $0.writeTimeout = .milliseconds(300)
        }) { fixture in
            let heads = try (0..<50).map { _ in try fixture.connect() }
            let bodies = try (0..<50).map { _ in try fixture.connect() }
            let readers = try (0..<20).map { _ in try fixture.connect() }
            let idle = try (0..<50).map { _ in try fixture.connect() }
            for socket in heads { try socket.send("GET / HTTP/1.1\r\nA: ") }
            for socket in bodies {
                try socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nb")
            }
            for socket in readers {
                socket.limitReceiveBuffer(to: 4096)
                try socket.send(Fixture.get("/flood?200"))
            }
            for _ in 0..<20 {
                // A head whose time is over takes no more.
                for socket in heads { try? socket.send("x") }
                let fresh = try fixture.connect()
                try fresh.send(Fixture.get("/fresh"))
                #expect(try fresh.receiveResponse().text == "GET /fresh?")
            }
            for socket in heads + bodies {
                #expect(try socket.receiveResponse().status == 408)
                #expect(try socket.receiveToEnd().isEmpty)
            }
            for socket in idle { #expect(try socket.receiveToEnd().isEmpty) }
            for _ in readers { #expect(await fixture.sees(.slowReader)) }
            for socket in readers {
                #expect(throws: RawSocketFailure.system("receive", ECONNRESET)) { try socket.receiveToEnd() }
            }
        }
    }

    @Test("a head has its time from its first byte on: one that drips ends as early as one that stalls")
    func fromFirstByte() async throws {
        try await Fixture.run({ $0.headerTimeout = .milliseconds(200) }) { fixture in
            let stalling = try fixture.connect()
            let dripping = try fixture.connect()
            try stalling.send("G")
            try dripping.send("G")
            var bytes = 0
            while !dripping.isAnswered(within: 3), bytes < 10_000 {
                try? dripping.send(bytes == 0 ? "ET / HTTP/1.1\r\nA:" : "x")
                bytes += 1
            }
            #expect(bytes > 1)
            for socket in [stalling, dripping] {
                #expect(try socket.receiveResponse().status == 408)
                #expect(try socket.receiveToEnd().isEmpty)
            }
        }
    }

    @Test("chunks that drip are a slow body too, and extensions do not count as its bytes")
    func chunks() async throws {
        try await Fixture.run({ $0.bodyWindow = .milliseconds(100) }) { fixture in
            let socket = try fixture.connect()
            try socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            while !socket.isAnswered(within: 10) { try? socket.send("1;abcdefgh\r\nx\r\n") }
            #expect(try socket.receiveResponse().status == 408)
            #expect(try socket.receiveToEnd().isEmpty)
        }
    }
}
