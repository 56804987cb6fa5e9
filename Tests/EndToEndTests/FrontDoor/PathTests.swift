import TestSupport
import Testing

/// However a path is written, one string decides.
@Suite(
    "Paths",
    .served(
        """
          Hello: {route: GET /plain/hello}
          Other: {run: {swift: Hello}, route: "GET /{open}/x"}
        """))
struct PathTests {
    @Test(
        "each way to write a path leads where the plain one leads, and the log has the plain one",
        arguments: [
            "/plain/hello", "//plain//hello", "/./plain/./hello", "/x/../plain/hello", "/x/%2e%2e/plain/hello",
            "/x/%2E./plain/hello", "/plain/x/../hello", "/%70lain/%68ello", "/plain/%2e/hello", "http://a/plain/hello",
            "/x//../plain/hello", "/;x/../plain/hello",
        ])
    func same(_ target: String) throws {
        let served = try ServedSuite.served
        let answer = try served.get(target)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"message":"hello"}"#)
        let line = try served.requestLine(answer)
        #expect(line["route"] as? String == "/plain/hello")
        #expect(line["url"] as? String == "/plain/hello")
    }

    @Test(
        "what names something else is something else: letter case, parameters, what was escaped twice",
        arguments: [
            ("/PLAIN/hello", "/PLAIN/hello"), ("/plain/Hello", "/plain/Hello"), ("/plain/hello;x", "/plain/hello;x"),
            ("/plain;x/hello", "/plain;x/hello"), ("/x/..;/plain/hello", "/x/..;/plain/hello"),
            ("/x/%252e%252e/plain/hello", "/x/%252e%252e/plain/hello"), ("/plain%252fhello", "/plain%252fhello"),
            ("/plain/hello%20", "/plain/hello%20"), ("/plain/.../hello", "/plain/.../hello"),
        ])
    func other(_ target: String, _ url: String) throws {
        let served = try ServedSuite.served
        let answer = try served.get(target)
        try answer.expectEnvelope(status: 404, code: "NOT_FOUND")
        let line = try served.requestLine(answer)
        #expect(line["route"] as? String == "unmatched")
        #expect(line["url"] as? String == url)
    }

    @Test(
        "a segment that a parameter takes cannot hold a slash, a step up or a NUL",
        arguments: ["/a%2fb/x", "/%2e%2e/x", "/..%2f../x", "/a%5c..%5c/x", "/a%00/x", "/%c0%ae%c0%ae/x", "/%ff/x"])
    func parameters(_ target: String) throws {
        try ServedSuite.served.expectRefusal(
            of: "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" + RefusalCase.smuggled, status: 400, code: "BAD_REQUEST",
            reason: "target")
    }
}
