import TestSupport
import Testing

/// The admin listener is behind the same front door.
@Suite("The admin listener", .served("  Hello: {route: GET /hello}", server: #"admin: "0.0.0.0:0""#))
struct AdminDoorTests {
    private static func port() throws -> Int {
        let served = try ServedSuite.served
        let line = served.logLines().first { $0["message"] as? String == "admin is listening" }
        let address = try #require(line?["address"] as? String)
        return try #require(Int(address.split(separator: ":").last ?? ""))
    }

    private static func ask(_ bytes: String) throws -> RawResponse {
        let socket = try RawSocket(port: port())
        try socket.send(bytes)
        return try socket.receiveResponse()
    }

    @Test("it tells its state with a request id, which is the client's where that is acceptable")
    func status() throws {
        let answer = try Self.ask("GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        #expect(answer.status == 200)
        #expect(answer["x-request-id"]?.hasPrefix("req_") == true)
        let named = try Self.ask("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: mine\r\n\r\n")
        #expect(named["x-request-id"] == "mine")
    }

    @Test("its errors are the envelope, with id and time")
    func errors() throws {
        let host = "Host: 127.0.0.1\r\n\r\n"
        try Self.ask("GET /nothing HTTP/1.1\r\n\(host)").expectEnvelope(status: 404, code: "NOT_FOUND")
        try Self.ask("GET /workers HTTP/1.1\r\n\(host)").expectEnvelope(status: 404, code: "NOT_FOUND")
        try Self.ask("POST /status HTTP/1.1\r\n\(host)").expectEnvelope(status: 405, code: "METHOD_NOT_ALLOWED")
        try Self.ask("GET /status HTTP/1.1\r\nOrigin: http://a\r\n\(host)").expectEnvelope(
            status: 403, code: "FORBIDDEN")
        try Self.ask("GET /status HTTP/1.1\r\nHost: evil.example\r\n\r\n").expectEnvelope(
            status: 403, code: "FORBIDDEN")
        let problem = try Self.ask("GET /nothing HTTP/1.1\r\nAccept: application/problem+json\r\n\(host)")
        #expect(problem["content-type"] == "application/problem+json")
    }

    @Test("what it refuses is the envelope, a line in the log and a count", arguments: RefusalCase.all)
    func refused(_ refusal: RefusalCase) throws {
        // A chunk comes after a good head, which is answered here at once.
        guard refusal.reason != "chunk" else { return }
        let served = try ServedSuite.served
        let before = try served.refusals(refusal.reason)
        let socket = try RawSocket(port: Self.port())
        try socket.send(refusal.bytes + RefusalCase.smuggled)
        let answer = try socket.receiveResponse()
        try answer.expectEnvelope(status: refusal.status, code: refusal.code)
        #expect(answer["connection"] == "close")
        #expect(try socket.receiveToEnd().isEmpty)
        try served.expectRefusalLogged(answer, reason: refusal.reason)
        #expect(try served.refusals(refusal.reason) > before)
    }

    @Test("functions are not on it")
    func functions() throws {
        try Self.ask("GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").expectEnvelope(status: 404, code: "NOT_FOUND")
    }
}
