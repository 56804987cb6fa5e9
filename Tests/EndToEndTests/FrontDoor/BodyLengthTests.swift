import TestSupport
import Testing

/// Bodies on their whole way, from the client to the handler and back.
@Suite(
    "Bodies of many lengths",
    .served("  FunctionProbe: {route: POST /echo, scale: {max: 1}, env: {PROBE_GREETING: hi}}"),
    .timeLimit(.minutes(1)))
struct BodyLengthTests {
    @Test("many at once, each comes back as it was sent")
    func atOnce() throws {
        let served = try ServedSuite.served
        let lengths = [10, 16_000, 16_385, 40_000, 65_500, 65_536, 65_600, 90_000, 131_073, 262_144, 400_000, 900_000]
        let texts = lengths.enumerated().map { number, length in
            String(decoding: (0..<length).map { UInt8(97 + ($0 / 7 + $0 / 5_000 + number) % 26) }, as: UTF8.self)
        }
        for _ in 0..<3 {
            let sockets = try texts.map { text in
                let body = #"{"action":"echo","text":"\#(text)"}"#
                let socket = try RawSocket(port: served.port)
                try socket.send(
                    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                        + body)
                return socket
            }
            for (socket, text) in zip(sockets, texts) {
                let answer = try socket.receiveResponse()
                #expect(answer.status == 200)
                // Compared first: nobody wants to read the difference.
                let isSame = answer.text.contains(text) && answer.body.count < text.utf8.count + 100
                #expect(isSame)
            }
        }
    }
}
