import Glibc
import Testing
import WireProtocol

@Suite("A worker process", .serialized, .timeLimit(.minutes(2)))
struct WorkerTests {
    func text(_ reply: Reply) -> String { String(decoding: reply.body, as: UTF8.self) }

    @Test("greets, starts and answers")
    func answers() throws {
        let worker = try ProbeWorker()
        SetupFrame(function: "Probe", revision: "r7").encode(into: &worker.out)
        let hello = try worker.next(.hello).read { try HelloFrame(payload: $0) }
        #expect(hello.version == .current && hello.function == "FunctionProbe" && hello.pid == worker.pid)
        _ = try worker.next(.ready).read { try ReadyFrame(payload: $0) }
        let line = try worker.next(.log).read { try LogFrame(payload: $0) }
        #expect(
            line
                == LogFrame(
                    level: .info, message: "started",
                    metadata: [.init("function", "Probe"), .init("revision", "r7")]))
        let reply = try worker.reply(to: worker.open("echo", [.init("text", "world")]))
        #expect(reply.status == .ok && text(reply) == "hello world")
        #expect(reply.headers["content-type"] == "text/plain; charset=utf-8")
    }

    @Test(
        "keeps requests that come before it is ready, and answers those that do not wait before those that do"
    )
    func earlyAndConcurrent() throws {
        let worker = try ProbeWorker(environment: ["PROBE_GREETING=hello", "PROBE_START_MS=20"])
        SetupFrame(function: "Probe", revision: "r1").encode(into: &worker.out)
        _ = try worker.next(.hello)
        // Sent before READY came.
        let slow = try worker.open("sleep", [.init("count", "30")])
        let fast = try (0..<10).map { try worker.open("echo", [.init("text", "\($0)")]) }
        for (index, stream) in fast.enumerated() {
            #expect(try text(worker.reply(to: stream)) == "hello \(index)")
        }
        #expect(worker.link.isReady && worker.link.openStreams == 1)
        #expect(try text(worker.reply(to: slow)) == "slept")
    }

    @Test("counts what it has handled, and answers pings while handlers wait")
    func ping() throws {
        let worker = try ProbeWorker()
        try worker.start()
        for _ in 0..<3 { _ = try worker.reply(to: worker.open("echo")) }
        _ = try worker.open("hang")
        PingFrame(token: 42).encode(into: &worker.out)
        let pong = try worker.next(.pong).read { try PongFrame(payload: $0) }
        #expect(pong == PongFrame(token: 42, handled: 3, inFlight: 1))
    }

    @Test("moves bodies of a megabyte both ways")
    func large() throws {
        let worker = try ProbeWorker()
        try worker.start()
        let reply = try worker.reply(to: worker.open("size", [.init("count", "1000000")]))
        #expect(reply.body.count == 1_000_000 && reply.body.allSatisfy { $0 == 120 })
        var invocation = ProbeWorker.invocation("echo")
        invocation.headers = ["Content-Type": "application/json"]
        invocation.body = Array(#"{"text":"\#(String(repeating: "y", count: 1_000_000))"}"#.utf8)
        #expect(try text(worker.reply(to: worker.open(invocation))).count == 1_000_006)
    }

    @Test("what a handler throws becomes its error, and anything else a 500 whose cause stays inside")
    func errors() throws {
        let worker = try ProbeWorker()
        try worker.start()
        let missing = try worker.reply(to: worker.open("missing"))
        #expect(missing.kind == .error(.notFound("user")) && missing.status == Status(404))
        guard
            case .error(let boom) = try worker.reply(to: worker.open("boom", [.init("text", "secret")])).kind
        else {
            Issue.record("no error")
            return
        }
        #expect(boom.code == "INTERNAL_ERROR" && !boom.message.contains("secret"))
        #expect(boom.cause == #"Boom(text: "secret")"#)
        guard case .error(let fault) = try worker.reply(to: worker.open("dance")).kind else {
            Issue.record("no error")
            return
        }
        #expect(
            fault.details == [.init(field: "action", in: "path", message: "is not one of the allowed values")]
        )
    }

    @Test("a cancelled handler ends, and its stream with it")
    func cancel() throws {
        let worker = try ProbeWorker()
        try worker.start()
        let stream = try worker.open("hang")
        _ = try worker.next(.log, on: stream)
        worker.link.cancel(stream, .clientGone, into: &worker.out)
        #expect(try worker.next(.reset, on: stream).verdict == .ended)
        #expect(worker.link.openStreams == 0)
        #expect(try text(worker.reply(to: worker.open("echo"))) == "hello nobody")
    }

    @Test("a handler past its deadline is cancelled without being told")
    func deadline() throws {
        let worker = try ProbeWorker()
        try worker.start()
        let long = try worker.open("hang")
        let short = try worker.open("hang", timeout: 20)
        guard case .error(let error) = try worker.reply(to: short).kind else {
            Issue.record("no error")
            return
        }
        #expect(error.code == "FUNCTION_TIMEOUT" && error.status == Status(504))
        #expect(worker.link.isActive(long))
    }

    @Test("a start that throws is reported, and the process ends with 1")
    func startFails() throws {
        let worker = try ProbeWorker(environment: [])
        SetupFrame(function: "Probe", revision: "r1").encode(into: &worker.out)
        let failure = try worker.next(.startFailed).read { try StartFailedFrame(payload: $0) }
        #expect(
            failure.message
                == "The environment variable PROBE_GREETING is missing; add it to the function's env")
        #expect(try worker.exitCode() == 1)
    }

    @Test("another major version of the protocol is a start that fails")
    func version() throws {
        let worker = try ProbeWorker()
        SetupFrame(version: ProtocolVersion(major: 2, minor: 0), function: "P", revision: "r").encode(
            into: &worker.out)
        let failure = try worker.next(.startFailed).read { try StartFailedFrame(payload: $0) }
        #expect(failure.message.contains("2.0"))
        #expect(try worker.exitCode() == 1)
    }

    @Test("told to drain, it finishes what runs, says goodbye and ends with 0")
    func drain() throws {
        let worker = try ProbeWorker()
        try worker.start()
        let running = try worker.open("sleep", [.init("count", "30")])
        worker.out.appendFrame(.drain)
        #expect(try text(worker.reply(to: running)) == "slept")
        _ = try worker.next(.goodbye)
        #expect(try worker.exitCode() == 0)
    }

    @Test("at SIGTERM it finishes what runs; what comes later is left unanswered")
    func terminate() throws {
        let worker = try ProbeWorker()
        try worker.start()
        let running = try worker.open("hang")
        _ = try worker.next(.log, on: running)
        #expect(kill(worker.pid, SIGTERM) == 0)
        // The signal is known to have arrived when a request stays unanswered that is sent before a ping.
        var late: [StreamID] = []
        repeat {
            late.append(try worker.open("echo"))
            PingFrame(token: 1).encode(into: &worker.out)
            _ = try worker.next(.pong)
        } while !worker.link.isOpen(late[late.count - 1])
        worker.link.cancel(running, .stopping, into: &worker.out)
        _ = try worker.next(.goodbye)
        #expect(worker.link.openStreams == 1)
        #expect(try worker.exitCode() == 0)
    }

    @Test("ends at once when the gateway is gone")
    func hangUp() throws {
        let worker = try ProbeWorker()
        try worker.start()
        _ = try worker.open("hang")
        PingFrame(token: 1).encode(into: &worker.out)
        _ = try worker.next(.pong)
        worker.hangUp()
        #expect(try worker.exitCode() == 0)
    }

    @Test("ends with 1 and a sentence when the gateway breaks the protocol")
    func violation() throws {
        let worker = try ProbeWorker()
        try worker.start()
        worker.sendRaw([0, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0])
        #expect(throws: ProbeWorker.Failure.self) { try worker.next(.response) }
        #expect(
            try worker.printed()
                == "FunctionProbe: the gateway broke the protocol: frame type 99 is not known\n")
        #expect(try worker.exitCode() == 1)
    }

    @Test("started by hand it says what it is, and ends with 2")
    func byHand() throws {
        let worker = try ProbeWorker(descriptor: 9)
        let printed = try worker.printed()
        #expect(
            printed
                == "FunctionProbe: this is a Swiftlet function; run it with `swiftlet invoke FunctionProbe`\n"
        )
        #expect(try worker.exitCode() == 2)
    }

    @Test("the log carries the request, and what is printed goes to standard output at once")
    func output() throws {
        let worker = try ProbeWorker()
        try worker.start()
        let stream = try worker.open("log", [.init("text", "x")])
        let frame = try worker.next(.log, on: stream)
        #expect(
            try frame.read { try LogFrame(payload: $0) }
                == LogFrame(level: .warning, message: "written", metadata: [.init("text", "x")]))
        _ = try worker.reply(to: stream)
        _ = try worker.reply(to: worker.open("print", [.init("text", "a line")]))
        #expect(try worker.printedSoFar() == Array("a line\n".utf8))
    }

    @Test("has one thread, and tasks know their request")
    func surroundings() throws {
        let worker = try ProbeWorker()
        try worker.start()
        _ = try worker.reply(to: worker.open("spin", [.init("count", "2000")]))
        #expect(try text(worker.reply(to: worker.open("threads"))) == "1")
        #expect(try text(worker.reply(to: worker.open("scope"))) == "req-1 u1 true")
    }
}
