import Foundation
import Testing

/// When the parts of a stream move, and what ends one: nothing here depends on how long anything takes.
@Suite(.serialized) struct StreamFlowTests {
    /// Bytes that the one worker's handlers have written and read so far.
    private func progress(_ client: APIClient) throws -> (written: Int, read: Int) {
        let numbers = try client.get("/progress").text.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 2 else { throw TestFailure("no progress") }
        return (numbers[0], numbers[1])
    }

    /// What `progress` says once it says the same thirty times in a row.
    private func standstill(_ what: String, _ progress: () throws -> Int) rethrows -> Int {
        var last = -1
        var same = 0
        try eventually("\(what) comes to a standstill") {
            let now = try progress()
            same = now == last && now > 0 ? same + 1 : 0
            last = now
            return same == 30
        }
        return last
    }

    private func chunk(_ text: String) -> [UInt8] { Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8) }

    @Test("each event arrives before the next is made, between them the word that the stream lives")
    func events() throws {
        let served = try ServedAPI(functions: StreamTests.entry)
        let client = try served.client()
        try client.write(Array("POST /follow HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
        #expect(try client.readHead().header("content-type") == "text/event-stream")
        for number in 0..<5 {
            try client.read(until: ": keep-alive\n\n")
            try client.write(chunk("event \(number)\n"))
            try client.read(until: "data: event \(number)\n\n")
        }
        try client.write(Array("0\r\n\r\n".utf8))
        try client.read(until: "0\r\n\r\n")
        #expect(try client.get("/unread").text == "not read")
    }

    @Test("a client that stops reading stops the handler where it writes, and one that reads on lets it go on")
    func slowReader() throws {
        let served = try ServedAPI(functions: StreamTests.entry)
        let asking = try served.client()
        let slow = try APIClient(port: served.port, receiveBuffer: 65_536)
        try slow.write(Array("GET /endless?count=65536 HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(try slow.readHead().status == 200)
        let written = try standstill("the handler") { try progress(asking).written }
        // What the kernel keeps for both ends, and a window or two.
        #expect(written < 16 << 20)
        var taken = 0
        while taken < written + (4 << 20) {
            if slow.buffer.isEmpty { try slow.fill() }
            taken += slow.buffer.count
            slow.buffer = []
        }
        #expect(try progress(asking).written > written)
        let again = try standstill("the handler") { try progress(asking).written }
        #expect(again - taken < 16 << 20)
        for pid in served.workers() + [served.process.processIdentifier] {
            let peak = try StreamTests.peak(pid)
            #expect(peak < 40_000_000, "\(pid) had \(peak)")
        }
    }

    @Test("a handler that stops reading stops the client, and memory stays flat")
    func slowHandler() throws {
        let served = try ServedAPI(functions: StreamTests.entry)
        let client = try served.client()
        // The events are never read, so the handler waits where it writes them, and reads no line more.
        try client.write(Array("POST /follow HTTP/1.1\r\nHost: a\r\nContent-Length: \(1 << 30)\r\n\r\n".utf8))
        let line = [UInt8](repeating: 120, count: 1023) + [10]
        let part = Array((0..<64).map { _ in line }.joined())
        var sent = 0
        var refused = 0
        eventually("the client can send no more") {
            let count = client.writeSome(part)
            sent += count
            refused = count == 0 ? refused + 1 : 0
            return refused == 30
        }
        #expect(sent > 0 && sent < 64 << 20)
        for pid in served.workers() + [served.process.processIdentifier] {
            let peak = try StreamTests.peak(pid)
            #expect(peak < 40_000_000, "\(pid) had \(peak)")
        }
    }

    @Test("a handler is at its body before the rest of that is sent")
    func upload() throws {
        let served = try ServedAPI(functions: StreamTests.entry)
        let client = try served.client()
        try client.write(Array("POST /bidirectional HTTP/1.1\r\nHost: a\r\nContent-Length: 18\r\n\r\n".utf8))
        for word in ["first", "again", "third"] {
            try client.write(Array("\(word)\n".utf8))
            try client.read(until: "got \(word)\n")
        }
        try client.read(until: "0\r\n\r\n")
        #expect(try client.get("/unread").text == "not read")
    }

    @Test("an upload that says it is over `body` is 413 before a worker hears of it")
    func declaredTooLarge() throws {
        let served = try ServedAPI(
            functions: "  StreamProbe: {route: POST /size, stream: {request: true}, body: 64KiB}")
        let client = try served.client()
        try client.write(Array("POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n".utf8))
        let answer = try client.read()
        #expect(answer.status == 413)
        #expect(try answer.errorCode() == "PAYLOAD_TOO_LARGE")
        #expect(served.workers().isEmpty)
    }

    @Test("an upload that turns out to be over `body` is 413 when it gets there, and its handler is cancelled")
    func tooLarge() throws {
        let served = try ServedAPI(
            functions: """
                  StreamProbe:
                    routes: ["GET /{action}", "POST /{action}"]
                    stream: {request: true}
                    body: 64KiB
                    scale: {max: 1}
                """)
        let client = try served.client()
        let asking = try served.client()
        try client.write(Array("POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
        try client.write(chunk(String(repeating: "x", count: 60_000)))
        try eventually("the handler has the first part") { try progress(asking).read == 60_000 }
        try client.write(chunk(String(repeating: "x", count: 5_537)))
        let answer = try client.read()
        #expect(answer.status == 413)
        #expect(try answer.errorCode() == "PAYLOAD_TOO_LARGE")
        eventually("the handler is stopped") {
            served.logLines().contains { $0["message"] as? String == "stopped" }
        }
        #expect(try progress(asking).read <= 65_536)
    }

    @Test(
        "a worker killed in an answer: the client sees a broken one, and the log says why", arguments: ["GET", "POST"])
    func killed(method: String) throws {
        let served = try ServedAPI(functions: StreamTests.entry)
        let client = try served.client()
        try client.write(
            Array("\(method) /endless?count=1000 HTTP/1.1\r\nHost: a\r\nX-Request-Id: broken\r\n\r\n".utf8))
        #expect(try client.readHead().header("transfer-encoding") == "chunked")
        try client.fill()
        let workers = served.workers()
        #expect(workers.count == 1)
        for worker in workers { kill(worker, SIGKILL) }
        let rest = try client.readToEnd()
        #expect(!rest.hasSuffix("0\r\n\r\n"))
        eventually("the log tells of the request and of the worker") {
            let lines = served.logLines()
            return lines.contains {
                $0["message"] as? String == "request failed" && $0["requestId"] as? String == "broken"
            }
                && lines.contains { ($0["message"] as? String)?.contains("crashed") == true }
        }
        #expect(try served.client().get("/unread").text == "not read")
    }

    @Test("a stream that ends within the grace ends whole, and the server with it")
    func drained() throws {
        let served = try ServedAPI(functions: StreamTests.entry, server: "shutdown: 20s")
        let client = try served.client()
        try client.write(Array("POST /follow HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
        #expect(try client.readHead().status == 200)
        served.process.terminate()
        eventually("the server accepts nothing more") { (try? served.client()) == nil }
        try client.write(chunk("the last\n"))
        try client.read(until: "data: the last\n\n")
        try client.write(Array("0\r\n\r\n".utf8))
        #expect(try client.readToEnd().hasSuffix("0\r\n\r\n"))
        eventually("the server ends") { !served.process.isRunning }
        #expect(served.process.terminationStatus == 0)
    }
}
