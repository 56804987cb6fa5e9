import TestSupport
import Testing

/// What is no acceptable request, through the whole server.
@Suite("Refusals", .served("  FunctionProbe: {route: POST /echo, env: {PROBE_GREETING: hi}}"), .timeLimit(.minutes(2)))
struct RefusalTests {
    @Test(
        "refused bytes get one envelope, a line in the log and a count, the connection ends, and no worker is touched",
        arguments: RefusalCase.all)
    func refused(_ refusal: RefusalCase) throws {
        let served = try ServedSuite.served
        try served.expectRefusal(
            of: refusal.bytes + RefusalCase.smuggled, status: refusal.status, code: refusal.code,
            reason: refusal.reason)
        #expect(served.workers().isEmpty)
        #expect(!served.log.contains("smuggled"))
    }

    @Test("CONNECT and TRACE are 405 and say what is allowed", arguments: ["CONNECT a:80", "TRACE /", "TRACE /echo"])
    func notAllowed(_ request: String) throws {
        let answer = try ServedSuite.served.ask("\(request) HTTP/1.1\r\nHost: a:80\r\n\r\n")
        try answer.expectEnvelope(status: 405, code: "METHOD_NOT_ALLOWED")
        #expect(answer["allow"]?.contains("POST") == true)
        #expect(answer["allow"]?.contains("TRACE") == false)
    }

    @Test(
        "what the gateway's stages refuse has one line in the log with its reason, and a count",
        arguments: [
            ("TRACE /echo", "", 405, "method_not_allowed"), ("CONNECT a:80", "", 405, "method_not_allowed"),
            ("POST /echo?a=%zz", "", 400, "bad_request"), ("POST /echo", "Api-Version: v9\r\n", 400, "bad_request"),
        ])
    func counted(_ request: String, _ fields: String, _ status: Int, _ reason: String) throws {
        let served = try ServedSuite.served
        let before = try served.refusals(reason)
        let answer = try served.ask("\(request) HTTP/1.1\r\nHost: a:80\r\n\(fields)\r\n")
        #expect(answer.status == status)
        let id = try #require(answer["x-request-id"])
        _ = try served.requestLine(answer)
        #expect(served.lines(of: id).compactMap { $0["reason"] as? String } == [reason])
        #expect(try served.refusals(reason) > before)
    }

    @Test("OPTIONS * is 204 without a body, and the connection lives on")
    func options() throws {
        let served = try ServedSuite.served
        let socket = try RawSocket(port: served.port)
        for target in ["*", "http://a", "*"] {
            try socket.send("OPTIONS \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try socket.receiveResponse()
            #expect(answer.status == 204)
            #expect(answer["allow"]?.contains("POST") == true)
            #expect(answer["content-length"] == nil && answer["transfer-encoding"] == nil)
        }
    }

    @Test("HTTP/1.0 may come without Host")
    func version10() throws {
        let socket = try RawSocket(port: ServedSuite.served.port)
        try socket.send("GET /health/live HTTP/1.0\r\n\r\n")
        #expect(try socket.receiveToEnd().hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test(
        "what belongs to the admin listener is not on the public one", arguments: ["/metrics", "/status", "/workers"])
    func adminPaths(_ path: String) throws {
        try ServedSuite.served.get(path).expectEnvelope(status: 404, code: "NOT_FOUND")
    }
}
