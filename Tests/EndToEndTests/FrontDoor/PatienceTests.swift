import Foundation
import TestSupport
import Testing

/// Clients that take their time, through the whole server.
@Suite(
    "Patience",
    .served(
        """
          FunctionProbe: {route: POST /echo, env: {PROBE_GREETING: hi}}
          Hello: {route: GET /hello}
        """, server: "headerTimeout: 400ms, idleTimeout: 400ms"), .timeLimit(.minutes(1)))
struct PatienceTests {
    @Test("a head that drips is 408 at headerTimeout, however often a byte comes")
    func head() throws {
        let served = try ServedSuite.served
        let before = try served.refusals("tooSlow")
        let socket = try RawSocket(port: served.port)
        try socket.send("GET /hello HTTP/1.1\r\nA: ")
        while !socket.isAnswered(within: 5) { try? socket.send("x") }
        let answer = try socket.receiveResponse()
        try answer.expectEnvelope(status: 408, code: "REQUEST_TIMEOUT")
        #expect(answer["connection"] == "close")
        #expect(try socket.receiveToEnd().isEmpty)
        try served.expectRefusalLogged(answer, reason: "tooSlow")
        #expect(try served.refusals("tooSlow") > before)
    }

    @Test("a body below 500 bytes a second is 408 after ten seconds, and no worker is touched")
    func body() throws {
        let served = try ServedSuite.served
        let socket = try RawSocket(port: served.port)
        try socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        while !socket.isAnswered(within: 500) { try? socket.send("x") }
        let answer = try socket.receiveResponse()
        try answer.expectEnvelope(status: 408, code: "REQUEST_TIMEOUT")
        #expect(answer["connection"] == "close")
        #expect(try socket.receiveToEnd().isEmpty)
        try served.expectRefusalLogged(answer, reason: "tooSlow")
        #expect(try served.status(of: "FunctionProbe")["coldStarts"] as? Int == 0)
    }

    @Test("an idle connection is closed in silence, new or used")
    func idle() throws {
        let served = try ServedSuite.served
        #expect(try RawSocket(port: served.port).receiveToEnd().isEmpty)
        let used = try RawSocket(port: served.port)
        try used.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try used.receiveResponse().status == 200)
        #expect(try used.receiveToEnd().isEmpty)
    }

    @Test("while a hundred heads drip and a hundred connections lie idle, a fresh GET takes less than 50 ms")
    func fresh() throws {
        let served = try ServedSuite.served
        #expect(try served.get("/hello").status == 200)
        let idle = try (0..<100).map { _ in try RawSocket(port: served.port) }
        let heads = try (0..<100).map { _ in try RawSocket(port: served.port) }
        for socket in heads { try socket.send("GET /hello HTTP/1.1\r\nA: ") }
        var times: [Duration] = []
        for _ in 0..<50 {
            for socket in heads { _ = socket.sendWithoutWaiting([0x78]) }
            let begin = ContinuousClock.now
            #expect(try served.get("/hello").status == 200)
            times.append(ContinuousClock.now - begin)
        }
        #expect(times.sorted()[25] < .milliseconds(50))
        for socket in heads { #expect(try socket.receiveToEnd().hasPrefix("HTTP/1.1 408 ")) }
        for socket in idle { #expect(try socket.receiveToEnd().isEmpty) }
    }
}
