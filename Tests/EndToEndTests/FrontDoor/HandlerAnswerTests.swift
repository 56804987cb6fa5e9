import TestSupport
import Testing

/// What a handler answers, and what of it may be on the wire.
@Suite(
    "Handlers' answers",
    .served("  FunctionProbe: {route: GET /probe, env: {PROBE_GREETING: hi}}"))
struct HandlerAnswerTests {
    /// A path whose handler gives that answer.
    private static func path(_ name: String, action: String = "answer") -> String {
        "/probe?action=\(action)&text=" + name.split(separator: " ").joined(separator: "%20")
    }

    /// Asks, and asks again over the same connection: what follows an answer is the next answer.
    private static func ask(_ path: String, method: String = "GET") throws -> RawResponse {
        let socket = try RawSocket(port: ServedSuite.served.port)
        try socket.send("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try socket.receiveResponse(hasBody: method != "HEAD")
        try socket.send("GET /probe?action=echo&text=next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let next = try socket.receiveToEnd()
        #expect(next.hasPrefix("HTTP/1.1 200 OK\r\n") && next.hasSuffix("\r\n\r\nhi next"))
        return answer
    }

    @Test(
        "a field that would break the message, or frame it, is 502 with nothing of it on the wire",
        arguments: [
            "cr", "lf", "crlf", "two answers", "nul", "del", "name with a space", "name with crlf", "name with a colon",
            "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer",
        ])
    func badField(_ name: String) throws {
        try Self.expectNonsense(Self.ask(Self.path(name)))
    }

    @Test(
        "a status that is no final one is 502",
        arguments: ["0", "42", "99", "100", "101", "199", "600", "999", "1000", "65535"])
    func badStatus(_ status: String) throws {
        try Self.expectNonsense(Self.ask(Self.path(status)))
    }

    @Test("an error whose fields would break the message is 502 too", arguments: ["crlf", "framing"])
    func badErrorField(_ name: String) throws {
        try Self.expectNonsense(Self.ask(Self.path(name, action: "refusal")))
    }

    @Test("an error whose status is none of an error's is 500", arguments: ["0", "42", "200", "304", "600", "1000"])
    func badErrorStatus(_ status: String) throws {
        let answer = try Self.ask(Self.path(status, action: "refusal"))
        try answer.expectEnvelope(status: 500, code: "INTERNAL_ERROR")
        #expect(!(answer.head + answer.text).lowercased().contains("leak"))
    }

    @Test("a body on 204 and 304 is dropped, and nothing says that there is one", arguments: [204, 304])
    func noBody(_ status: Int) throws {
        let answer = try Self.ask(Self.path("\(status)"))
        #expect(answer.status == status)
        #expect(answer["x-status"] == "set")
        #expect(answer["content-length"] == nil && answer["transfer-encoding"] == nil)
    }

    @Test("HEAD runs the GET, tells its length and drops its body")
    func head() throws {
        let answer = try Self.ask(Self.path("200"), method: "HEAD")
        #expect(answer.status == 200)
        #expect(answer["content-length"] == "4")
    }

    @Test("several Set-Cookie stay apart, in their order")
    func cookies() throws {
        #expect(try Self.ask(Self.path("cookies")).values("set-cookie") == ["a=1; Path=/", "b=2, c=3"])
    }

    @Test("what only the gateway writes is its own, whatever the handler set")
    func ownFields() throws {
        let answer = try Self.ask(Self.path("internal"))
        #expect(answer["x-kept"] == "yes")
        #expect(answer["swiftlet-leak"] == nil)
        #expect(answer.values("x-request-id").count == 1 && answer["x-request-id"]?.hasPrefix("req_") == true)
        #expect(answer.values("date").count == 1 && answer["date"]?.hasSuffix(" GMT") == true)
        #expect(answer["content-length"] == "0")
    }

    private static func expectNonsense(_ answer: RawResponse) throws {
        try answer.expectEnvelope(status: 502, code: "FUNCTION_CRASHED")
        #expect(!(answer.head + answer.text).lowercased().contains("leak"))
        let id = try #require(answer["x-request-id"])
        let served = try ServedSuite.served
        eventually("the log has the cause") {
            served.lines(of: id).contains {
                $0["message"] as? String == "request failed" && $0["function"] as? String == "FunctionProbe"
                    && ($0["reason"] as? String)?.isEmpty == false
            }
        }
    }
}
