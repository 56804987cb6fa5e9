import Foundation
import TestSupport
import Testing

/// Clients that close their side behind a request, through the whole server.
@Suite(
    "Departures",
    .served(
        "  FunctionProbe: {route: POST /probe, timeout: 60s, scale: {max: 1}, env: {PROBE_GREETING: hi}}"),
    .timeLimit(.minutes(1)))
struct DepartureTests {
    private static func post(_ body: String) -> String {
        "POST /probe HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("one that only half-closes its connection and reads on gets a quick answer")
    func quick() throws {
        let served = try ServedSuite.served
        // The start of a worker is not what has to be quick here.
        _ = try served.client().post("/probe", json: #"{"action":"echo"}"#)
        for body in [#"{"action":"echo","text":"Ada"}"#, #"{"action":"sleep","count":20}"#] {
            let socket = try RawSocket(port: served.port)
            try socket.sendLast(Self.post(body))
            let answer = try socket.receiveResponse()
            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
            #expect(try socket.receiveToEnd().isEmpty)
        }
    }

    @Test("one that left is noticed a second later, and its handler does not run on to its deadline")
    func gone() throws {
        let served = try ServedSuite.served
        let begin = ContinuousClock.now
        do {
            let socket = try RawSocket(port: served.port)
            try socket.send(Self.post(#"{"action":"hang"}"#))
            socket.finishSending()
            // It would still read, and is sent nothing.
            #expect(try socket.receiveToEnd().isEmpty)
        }
        #expect(begin.duration(to: .now) > .milliseconds(900))
        eventually("the log says that the client is gone", within: .seconds(20)) {
            served.logLines().contains { $0["message"] as? String == "request" && $0["status"] as? Int == 499 }
        }
        try eventually("its place is free", within: .seconds(20)) {
            try served.status(of: "FunctionProbe")["inFlight"] as? Int == 0
        }
        let client = try served.client()
        #expect(try client.post("/probe", json: #"{"action":"echo"}"#).status == 200)
    }
}
