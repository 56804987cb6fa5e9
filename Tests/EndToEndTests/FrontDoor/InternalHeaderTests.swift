import TestSupport
import Testing

/// Header fields by which a client could pass for the gateway, or take away what the gateway decides by.
@Suite(
    "Internal header fields",
    .served(
        """
          FunctionProbe: {route: GET /probe, env: {PROBE_GREETING: hi}}
          Newer: {run: {swift: Hello}, route: GET /versioned, version: v2}
        """, top: "versions: {header: X-Shop-Version, default: v1}"))
struct InternalHeaderTests {
    @Test("internal names, names with an underscore and what is between two hops do not reach the handler")
    func dropped() throws {
        let fields = [
            "Swiftlet-Caller: root", "SWIFTLET-Roles: admin", "swiftlet-x: 1", "X_User: root", "Content_Length: 5",
            "HTTP_PROXY: evil", "Proxy: http://evil", "Proxy-Authorization: b", "Proxy-Connection: close",
            "TE: trailers", "Trailer: a", "Upgrade: h2c", "Keep-Alive: 5", "Connection: keep-alive, x-hop", "X-Hop: 1",
        ]
        let answer = try ServedSuite.served.get(
            "/probe?action=headers", fields.map { $0 + "\r\n" }.joined() + "Accept: text/plain\r\n")
        #expect(answer.status == 200)
        #expect(answer.text == "host: a\naccept: text/plain\n")
    }

    @Test("nominating a field as hop-by-hop takes out neither who calls nor what the gateway decides by")
    func nominated() throws {
        let kept = ["authorization: Bearer t", "cookie: a=1", "content-type: text/plain"]
        let nominated = "Connection: authorization, cookie, content-type, host, close\r\n"
        let answer = try ServedSuite.served.get(
            "/probe?action=headers", nominated + kept.map { $0 + "\r\n" }.joined())
        #expect(answer.text == "host: a\n" + kept.map { $0 + "\n" }.joined())
    }

    @Test("what tells of the client's address reaches the handler from a trusted proxy only")
    func forwarded() throws {
        let answer = try ServedSuite.served.get(
            "/probe?action=headers", "X-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nAccept: text/plain\r\n")
        #expect(answer.text == "host: a\naccept: text/plain\n")
    }

    @Test("nominating the version header, as the manifest calls it, does not change the version")
    func version() throws {
        let served = try ServedSuite.served
        #expect(try served.get("/versioned", "X-Shop-Version: v2\r\n").status == 200)
        let answer = try served.get("/versioned", "X-Shop-Version: v2\r\nConnection: X-Shop-Version\r\n")
        #expect(answer.text == #"{"message":"hello"}"#)
    }

    @Test("no header field becomes a variable of the worker's environment")
    func environment() throws {
        let fields = "Proxy: evil\r\nX-Evil: evil\r\nPATH: evil\r\nLD_PRELOAD: evil\r\nLD-PRELOAD: evil\r\n"
        let answer = try ServedSuite.served.get("/probe?action=environment", fields)
        #expect(answer.status == 200)
        #expect(answer.text.contains("PROBE_GREETING=hi"))
        #expect(!answer.text.contains("evil"))
        #expect(!answer.text.contains("HTTP_"))
    }
}
