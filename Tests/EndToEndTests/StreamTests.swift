import Foundation
import Testing

/// Streams through the whole of it: real sockets, the real gateway, real workers.
@Suite(.serialized) struct StreamTests {
    static let entry = """
          StreamProbe:
            routes: ["GET /{action}", "POST /{action}"]
            stream: {request: true}
            body: 2GiB
            timeout: 20s
            scale: {max: 1}
        """

    /// The largest resident set since the process began, in bytes.
    static func peak(_ pid: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0) * 1024
    }

    @Test("a gigabyte goes up and comes down in flat memory: gateway and worker under 40 MB each")
    func gigabyte() throws {
        let served = try ServedAPI(functions: Self.entry)
        let client = try served.client()
        let size = 1 << 30
        try client.write(Array("POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n".utf8))
        let part = [UInt8](repeating: 7, count: 1 << 20)
        for _ in 0..<(size / part.count) { try client.write(part) }
        #expect(try client.read().text == "\(size) of \(size)")
        for framing in ["", "&sized=true"] {
            try client.write(Array("GET /count?count=\(size)\(framing) HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            #expect(try client.readCounting() == size)
        }
        let workers = served.workers()
        #expect(workers.count == 1)
        for pid in workers + [served.process.processIdentifier] {
            let peak = try Self.peak(pid)
            #expect(peak < 40_000_000, "\(pid) had \(peak)")
        }
    }

    @Test("a client that goes away ends the handler, in its answer and in its body", arguments: ["endless", "size"])
    func gone(action: String) throws {
        let served = try ServedAPI(functions: Self.entry)
        do {
            let client = try served.client()
            if action == "endless" {
                try client.write(Array("GET /endless?count=1000 HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
                #expect(try client.readHead().status == 200)
            } else {
                try client.write(Array("POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nx".utf8))
            }
        }
        eventually("the handler is stopped") {
            served.logLines().contains {
                $0["message"] as? String == "stopped" && $0["function"] as? String == "StreamProbe"
                    && $0["field.error"] as? String == "CancellationError()"
            }
        }
        eventually("the request is over") {
            served.logLines().contains { ($0["url"] as? String)?.hasPrefix("/\(action)") == true }
        }
        #expect(try served.client().get("/unread").text == "not read")
        #expect(try served.status(of: "StreamProbe")["inFlight"] as? Int == 0)
    }

    @Test(
        "what goes wrong before the first byte is the envelope",
        arguments: [("refuse", 409, "CONFLICT"), ("boom", 500, "INTERNAL_ERROR"), ("long", 500, "INTERNAL_ERROR")])
    func errors(action: String, status: Int, code: String) throws {
        let served = try ServedAPI(functions: Self.entry)
        let answer = try served.client().get("/" + action)
        #expect(answer.status == status)
        #expect(try answer.errorCode() == code)
    }

    @Test(
        "what goes wrong after it never looks like an orderly end",
        arguments: ["late", "late?sized=true", "die", "short"])
    func brokenOff(target: String) throws {
        let served = try ServedAPI(functions: Self.entry)
        let client = try served.client()
        try client.write(Array("GET /\(target) HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(try client.readHead().status == 200)
        let rest = try client.readToEnd()
        #expect(!rest.hasSuffix("0\r\n\r\n"))
        eventually("the log tells why: \(served.log)") {
            served.logLines().contains { $0["message"] as? String == "request failed" && $0["requestId"] != nil }
        }
        #expect(try served.client().get("/unread").status == 200)
    }

    @Test("HEAD on a streaming route gets the head, and the connection lives on")
    func head() throws {
        let served = try ServedAPI(functions: Self.entry)
        let client = try served.client()
        for target in ["/count?count=1000&sized=true", "/endless?count=10", "/events?count=1"] {
            let answer = try client.send("HEAD", target)
            #expect(answer.status == 200)
            #expect(answer.header("content-length") == (target.contains("sized") ? "1000" : nil))
        }
        #expect(try client.get("/unread").text == "not read")
    }

    @Test("events come as they are sent, between them the word that the stream lives")
    func events() throws {
        let served = try ServedAPI(functions: Self.entry)
        let client = try served.client()
        try client.write(Array("GET /events?count=2&part=100000 HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        let head = try client.readHead()
        #expect(head.header("content-type") == "text/event-stream")
        #expect(head.header("cache-control") == "no-store")
        #expect(head.header("x-accel-buffering") == "no")
        try client.read(until: "event: tick\nid: 1\ndata: line one\ndata: line two 1\n\n")
        try client.read(until: ": keep-alive\n\n")
        try client.read(until: ": keep-alive\n\n")
    }

    @Test("what a handler leaves unread is dropped up to 64 KiB, past that the connection ends")
    func unread() throws {
        let served = try ServedAPI(functions: Self.entry)
        let client = try served.client()
        let small = try client.send("POST", "/unread", body: [UInt8](repeating: 1, count: 60_000))
        #expect(small.text == "not read")
        #expect(try client.get("/unread").text == "not read")
        let large = try client.send("POST", "/unread", headers: ["Expect: 100-continue"], body: [])
        #expect(large.text == "not read")
        try client.write(Array("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n".utf8))
        let answer = try client.read()
        #expect(answer.text == "not read" && answer.header("connection") == "close")
    }

    @Test("a stream has until the end of the grace when the server stops")
    func drain() throws {
        let served = try ServedAPI(functions: Self.entry, server: "shutdown: 300ms")
        let client = try served.client()
        try client.write(Array("GET /events?count=1&part=100000 HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(try client.readHead().status == 200)
        served.process.terminate()
        try client.read(until: ": keep-alive\n\n")
        let rest = try client.readToEnd()
        #expect(!rest.hasSuffix("0\r\n\r\n"))
        served.process.waitUntilExit()
        #expect(served.process.terminationStatus == 0)
    }

    @Test("invoke prints a stream as it comes, and says when it broke off")
    func invoke() throws {
        let folder = try ServedAPI.makeFolder(functions: Self.entry)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let manifest = ["--manifest", folder + "/manifest.yaml"]
        let whole = try Command.run(["invoke", "GET", "/count", "-q", "count=100000"] + manifest)
        #expect(whole.status == 0 && whole.output.utf8.count == 100_000)
        let body = try Command.run(["invoke", "POST", "/size", "-d", "abcde"] + manifest)
        #expect(body.status == 0 && body.output == "5 of 5")
        let gathered = try Command.run(["invoke", "POST", "/size", "-d", "abcde", "--json"] + manifest)
        #expect(gathered.status == 0 && gathered.output.contains(#""body":"5 of 5""#))
        let broken = try Command.run(["invoke", "GET", "/late"] + manifest)
        #expect(broken.status == 1 && broken.output == "the first part" && broken.error.contains("broke off"))
    }
}
