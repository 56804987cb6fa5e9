import TestSupport
import Testing

/// Bodies that are too large, and bodies that nobody waits for.
@Suite(
    "Bodies",
    .served(
        """
          FunctionProbe: {route: POST /echo, body: 1KiB, env: {PROBE_GREETING: hi}}
          StreamProbe: {route: POST /stream, body: 1KiB, stream: {request: true}}
        """))
struct BodyTests {
    private static func head(_ length: Int, _ fields: String = "", path: String = "/echo") -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n"
            + "\(fields)\r\n"
    }

    @Test(
        "a body over the route's limit is 413 by its length alone, and the worker sees nothing",
        arguments: ["/echo", "/stream"])
    func declared(path: String) throws {
        let served = try ServedSuite.served
        try served.expectRefusal(
            of: Self.head(1_000_000, path: path), status: 413, code: "PAYLOAD_TOO_LARGE", reason: "bodyTooLarge")
        #expect(served.workers().isEmpty)
    }

    @Test("with Expect: 100-continue no 100 is sent for it", arguments: [1025, 1_000_000])
    func expecting(_ length: Int) throws {
        let served = try ServedSuite.served
        // The first answer on the wire is the 413: an interim one would be taken for it.
        try served.expectRefusal(
            of: Self.head(length, "Expect: 100-continue\r\n"), status: 413, code: "PAYLOAD_TOO_LARGE",
            reason: "bodyTooLarge")
        #expect(served.workers().isEmpty)
    }

    @Test("chunks that pass the limit are 413 on the way, and the worker sees nothing")
    func chunked() throws {
        let served = try ServedSuite.served
        let chunks = String(repeating: "200\r\n\(String(repeating: "a", count: 512))\r\n", count: 400)
        try served.expectRefusal(
            of: "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks
                + "0\r\n\r\n" + RefusalCase.smuggled,
            status: 413, code: "PAYLOAD_TOO_LARGE", reason: "bodyTooLarge")
        #expect(served.workers().isEmpty)
    }

    @Test("a small rest of a body behind its answer is read, and the connection lives on")
    func smallRest() throws {
        let served = try ServedSuite.served
        let body = Array(String(repeating: RefusalCase.smuggled, count: 2000).utf8.prefix(60_000))
        for path in ["/echo", "/nowhere"] {
            let socket = try RawSocket(port: served.port)
            try socket.send(Self.head(60_000, path: path))
            let answer = try socket.receiveResponse()
            #expect(answer.status == (path == "/echo" ? 413 : 404))
            #expect(answer["connection"] == nil)
            try socket.send(body)
            try socket.send("GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try socket.receiveResponse().status == 200)
            #expect(try socket.receiveToEnd().isEmpty)
        }
        #expect(!served.log.contains("smuggled"))
    }

    @Test("a large one is not: the connection ends, and nothing of the rest is a request")
    func largeRest() throws {
        let served = try ServedSuite.served
        let body = String(repeating: RefusalCase.smuggled, count: 3000)
        for path in ["/echo", "/nowhere"] {
            let socket = try RawSocket(port: served.port)
            try socket.send(Self.head(body.utf8.count, path: path) + body)
            let answer = try socket.receiveResponse()
            #expect(answer.status == (path == "/echo" ? 413 : 404))
            #expect(answer["connection"] == "close")
            #expect(try socket.receiveToEnd().isEmpty)
        }
        #expect(!served.log.contains("smuggled"))
    }
}
