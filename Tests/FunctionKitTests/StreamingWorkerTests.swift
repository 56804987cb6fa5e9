import Glibc
import Testing
import WireProtocol

@Suite("A worker that streams", .serialized, .timeLimit(.minutes(2)))
struct StreamingWorkerTests {
    func worker() throws -> ProbeWorker {
        let worker = try ProbeWorker(program: "StreamProbe")
        try worker.start()
        return worker
    }

    func text(_ reply: Reply) -> String { String(decoding: reply.body, as: UTF8.self) }

    func streamed(_ action: String, length: Int? = nil) -> Invocation {
        var invocation = ProbeWorker.invocation(action)
        invocation.placement = .follows(length: length)
        return invocation
    }

    func head(_ worker: ProbeWorker, _ stream: StreamID) throws -> ResponseFrame {
        let frame = try worker.next(.response, on: stream)
        return try frame.read { try ResponseFrame(payload: $0, isEnd: frame.header.isEnd) }
    }

    @Test("sends what its handler writes, with the length if that is told", arguments: [true, false])
    func answers(sized: Bool) throws {
        let worker = try worker()
        let stream = try worker.open(
            "count", [.init("count", "300000"), .init("part", "777"), .init("sized", "\(sized)")])
        let reply = try worker.reply(to: stream)
        #expect(reply.body.count == 300_000 && reply.body.allSatisfy { $0 == 120 })
        #expect(reply.headers["content-type"] == "application/octet-stream")
        #expect(worker.link.openStreams == 0)
    }

    /// How many bytes of DATA came, once that are so many.
    private func came(_ worker: ProbeWorker, _ stream: StreamID, _ wanted: Int) throws -> Int {
        var count = 0
        while count < wanted { count += try worker.next(.data, on: stream).payload.count }
        return count
    }

    @Test("a handler's write waits while its client takes nothing")
    func backpressure() throws {
        let worker = try worker()
        worker.takesData = false
        let stream = try worker.open("endless", [.init("count", "16384")])
        #expect(try head(worker, stream).body == .follows(length: nil))
        #expect(try came(worker, stream, 65_536) == 65_536)
        // Nothing more comes of it, while another request is answered.
        worker.takesData = true
        #expect(try text(worker.reply(to: worker.open("unread"))) == "not read")
        worker.link.consumed(65_536, of: stream, into: &worker.out)
        #expect(try came(worker, stream, 1_600_000) >= 1_600_000)
        worker.link.cancel(stream, .clientGone, into: &worker.out)
        let log = try worker.next(.log, on: stream).read { try LogFrame(payload: $0) }
        #expect(log.message == "stopped" && log.metadata == [.init("error", "CancellationError()")])
        #expect(try worker.next(.reset, on: stream).verdict == .ended)
        #expect(worker.link.openStreams == 0)
    }

    @Test("a handler reads its request's body as it comes, and answers before it is whole")
    func bidirectional() throws {
        let worker = try worker()
        let stream = try worker.open(streamed("bidirectional"))
        #expect(try head(worker, stream).body == .follows(length: nil))
        for line in ["one", "two"] {
            worker.link.send(Array("\(line)\n".utf8), on: stream, end: false)
            let data = try worker.next(.data, on: stream)
            #expect(String(decoding: data.payload, as: UTF8.self) == "got \(line)\n")
        }
        worker.link.send([], on: stream, end: true)
        #expect(try worker.next(.data, on: stream).header.isEnd)
    }

    @Test("a body of megabytes comes through, in and out again")
    func echo() throws {
        let worker = try worker()
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let stream = try worker.open(streamed("echo", length: body.count))
        worker.link.send(body, on: stream, end: true)
        #expect(try worker.reply(to: stream).body == body)
    }

    @Test("a handler that does not read gets no more than a window, and what follows its answer is dropped")
    func unread() throws {
        let worker = try worker()
        let stream = try worker.open(streamed("unread", length: 1_000_000))
        worker.link.send([UInt8](repeating: 1, count: 1_000_000), on: stream, end: true)
        #expect(try text(worker.reply(to: stream)) == "not read")
        #expect(worker.link.openStreams == 0)
        #expect(try text(worker.reply(to: worker.open("unread"))) == "not read")
    }

    @Test("what is thrown before the first byte is an error, after it a reset", arguments: ["boom", "late"])
    func errors(action: String) throws {
        let worker = try worker()
        let stream = try worker.open(action)
        if action == "boom" {
            guard case .error(let error) = try worker.reply(to: stream).kind else {
                Issue.record("no error")
                return
            }
            #expect(error.code == "INTERNAL_ERROR" && error.cause == "Boom()")
        } else {
            #expect(try worker.next(.data, on: stream).payload == Array("the first part".utf8))
            let reset = try worker.next(.reset, on: stream).read { try ResetFrame(payload: $0) }
            #expect(reset.error.cause == "Boom()")
        }
        #expect(worker.link.openStreams == 0)
    }

    @Test("a body that is not as long as it was said to be breaks off", arguments: ["short", "long"])
    func length(action: String) throws {
        let worker = try worker()
        let stream = try worker.open(action)
        if action == "short" {
            #expect(try head(worker, stream).body == .follows(length: 10))
            let reset = try worker.next(.reset, on: stream).read { try ResetFrame(payload: $0) }
            #expect(reset.error.cause == "the body ended 5 bytes short of the 10 of contentLength")
        } else {
            #expect(try worker.reply(to: stream).status == Status(500))
        }
    }

    @Test("the deadline holds until the first byte, and no longer")
    func deadline() throws {
        let worker = try worker()
        let silent = try worker.open(
            { () -> Invocation in
                var invocation = streamed("size")
                invocation.timeoutMilliseconds = 20
                return invocation
            }())
        guard case .error(let error) = try worker.reply(to: silent).kind else {
            Issue.record("no error")
            return
        }
        #expect(error.code == "FUNCTION_TIMEOUT")
        let long = try worker.open("events", [.init("count", "1"), .init("part", "60")], timeout: 10)
        let reply = try worker.reply(to: long)
        #expect(text(reply).hasPrefix("event: tick\nid: 0\ndata: line one\ndata: line two 0\n\n"))
    }

    @Test("an event stream begins at once, and says that it lives while nothing happens")
    func keepAlive() throws {
        let worker = try worker()
        let stream = try worker.open("events", [.init("count", "0"), .init("part", "100000")])
        #expect(try head(worker, stream).reply.headers["content-type"] == "text/event-stream")
        for _ in 0..<3 {
            #expect(try worker.next(.data, on: stream).payload == Array(": keep-alive\n\n".utf8))
        }
    }

    @Test("a cancelled stream's handler keeps its place until it has ended, so no other's is taken for its own")
    func place() throws {
        let worker = try worker()
        for _ in 0..<50 {
            let stream = try worker.open("endless", [.init("count", "1000")])
            _ = try worker.next(.data, on: stream)
            worker.link.cancel(stream, .clientGone, into: &worker.out)
            let next = try worker.open("count", [.init("count", "5")])
            #expect(try worker.reply(to: next).body.count == 5)
        }
        PingFrame(token: 1).encode(into: &worker.out)
        #expect(try worker.next(.pong).read { try PongFrame(payload: $0) }.handled >= 50)
    }

    @Test("a cancelled stream ends though its handler returns as if nothing had been")
    func cancelledAtEnd() throws {
        let worker = try worker()
        let stream = try worker.open(streamed("bidirectional"))
        #expect(try head(worker, stream).body == .follows(length: nil))
        // In one wake-up: the handler sees the body's end, and not that it was cancelled.
        worker.link.send([], on: stream, end: true)
        worker.link.writeData(into: &worker.out)
        worker.link.cancel(stream, .clientGone, into: &worker.out)
        #expect(try worker.next(.reset, on: stream).verdict == .ended)
        #expect(worker.link.openStreams == 0)
    }

    @Test("a gateway that sends more than it announced breaks the protocol")
    func overrun() throws {
        let worker = try worker()
        let stream = try worker.open(streamed("size", length: 3))
        worker.link.send([1, 2, 3, 4], on: stream, end: true)
        #expect(try worker.exitCode() == 1)
    }
}
