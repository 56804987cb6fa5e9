import Glibc
import Testing
import WireProtocol

@testable import Workers

@Suite("Real workers that fail", .timeLimit(.minutes(2)))
struct WorkerFaultTests {
    @Test(
        "a worker that cannot start answers 503 with Retry-After, and the reason is told",
        arguments: [
            ("exit", "it ended before it was ready"), ("refuse", "its start failed: the database said no"),
            ("garbage", "it broke the wire protocol"), ("close", "it ended before it was ready"),
            ("silent", "it was not ready in time"),
        ])
    func start(mode: String, reason: String) async throws {
        try await WorkerBench.run(mode: mode, { $0.start = .milliseconds(mode == "silent" ? 200 : 10_000) }) { bench in
            let outcome = await bench.call("/echo")
            #expect(outcome.error?.code == "FUNCTION_UNAVAILABLE")
            #expect(outcome.error?.headers["retry-after"] == "1")
            // The client may hear of it before the log does.
            #expect(await bench.eventually { !bench.record.failedStarts.isEmpty })
            let failure = try #require(bench.record.failedStarts.first)
            #expect(failure.reason.hasPrefix(reason))
            if mode == "exit" {
                #expect(failure.exit == .exited(code: 3))
                #expect(failure.output == "probe: cannot go on")
            }
            #expect(await bench.eventually { bench.pool.read { $0.machine.count(.free) } == 16 })
        }
    }

    @Test("a program that is not there answers 503, and nothing leaks", arguments: ["/nowhere/at/all", "/etc/passwd"])
    func missing(executable: String) async throws {
        try await WorkerBench.run(executable: executable) { bench in
            for _ in 0..<3 { #expect(await bench.call("/echo").error?.code == "FUNCTION_UNAVAILABLE") }
            #expect(bench.record.failedStarts.allSatisfy { $0.reason.hasPrefix("its program could not be executed") })
            #expect(await bench.eventually { WorkerBench.endedProcesses() == 0 })
        }
    }

    @Test("a GET whose worker crashes is tried once more elsewhere")
    func retry() async throws {
        try await WorkerBench.run { bench in
            let outcome = await bench.call("/crash-odd")
            #expect(outcome.text == "2")
            #expect(outcome.worker?.number == 2)
            #expect(await bench.eventually { bench.record.crashes.count == 1 })
            let crash = try #require(bench.record.crashes.first)
            #expect(crash.exit == .signalled(SIGSEGV))
            #expect(crash.holding == 1)
            #expect(crash.output == "probe: about to crash")
            #expect(
                bench.record.events.contains {
                    if case .retried(.given("req-crash-odd"), _) = $0 { true } else { false }
                })
        }
    }

    @Test("other methods, and a second crash, are answered 502", arguments: [WireProtocol.Method.post, .get])
    func crash(method: WireProtocol.Method) async throws {
        try await WorkerBench.run { bench in
            let outcome = await bench.call("/crash", method)
            #expect(outcome.error?.code == "FUNCTION_CRASHED")
            #expect(await bench.eventually { bench.record.crashes.count == (method == .get ? 2 : 1) })
            #expect(bench.record.crashes.first?.exit == .signalled(SIGABRT))
            #expect(await bench.call("/echo", body: [66]).text == "B", "the next request finds a worker")
        }
    }

    @Test("a clean exit with a request in flight is a crash")
    func cleanExit() async throws {
        try await WorkerBench.run { bench in
            #expect(await bench.call("/exit", .post).error?.code == "FUNCTION_CRASHED")
            #expect(await bench.eventually { bench.record.crashes.first?.exit == .exited(code: 0) })
        }
    }

    @Test(
        "a worker that breaks the protocol is ended with one report, and the gateway lives",
        arguments: ["/twice", "/other", "/garbage", "/huge", "/outside"])
    func violation(path: String) async throws {
        try await WorkerBench.run { bench in
            let outcome = await bench.call(path, .post)
            // The first of two answers is a good one.
            #expect(path == "/twice" ? outcome.text == "once" : outcome.error?.code == "FUNCTION_CRASHED")
            #expect(await bench.eventually { bench.record.violations.count == 1 })
            let pid = bench.record.started[0].pid
            #expect(await bench.eventually { !WorkerBench.exists(pid) })
            #expect(await bench.call("/echo", body: [67]).text == "C")
            #expect(bench.record.violations.count == 1)
            #expect(bench.record.crashes.isEmpty)
        }
    }

    @Test("a hanging worker is stuck: 504, safe requests move elsewhere, and it is ended")
    func hang() async throws {
        try await WorkerBench.run({
            $0.timeout = .milliseconds(300); $0.max = 2
        }) { bench in
            _ = await bench.call("/echo")
            let outcome = await bench.call("/hang-odd", .post)
            #expect(outcome.error?.code == "FUNCTION_TIMEOUT")
            #expect(await bench.eventually { bench.record.events.contains(.stuck(bench.record.started[0])) })
            let pid = bench.record.started[0].pid
            #expect(await bench.call("/echo", body: [68]).text == "D")
            #expect(await bench.eventually { !WorkerBench.exists(pid) })
        }
    }

    @Test("a request that nobody waits for is let go of, though its worker does not let go of it")
    func abandoned() async throws {
        try await WorkerBench.run(mode: "deaf", { $0.timeout = .milliseconds(200) }) { bench in
            _ = await bench.call("/echo")
            let pid = bench.record.started[0].pid
            let waiting = Self.hold(bench)
            #expect(await bench.eventually { waiting.caller == nil })
            // It is killed two seconds after it was asked to end.
            #expect(WorkerBench.isAlive(pid))
        }
    }

    private final class Caller: Sendable {}

    /// Whoever waits for a call; `@unchecked Sendable`: only whether it is there is asked.
    private struct Waiting: @unchecked Sendable {
        private(set) weak var caller: Caller?
    }

    private static func hold(_ bench: WorkerBench) -> Waiting {
        let caller = Caller()
        bench.begin("/hang", .post, body: [UInt8](repeating: 1, count: 100_000)) { _ in _ = caller }
        return Waiting(caller: caller)
    }

    @Test("what a worker leaves behind in its group dies with it, and does not hold its requests back")
    func children() async throws {
        try await WorkerBench.run { bench in
            let child = Int32(await bench.call("/child").text) ?? 0
            let worker = bench.record.started[0].pid
            #expect(WorkerBench.isAlive(child))
            #expect(await bench.call("/crash", .post).error?.code == "FUNCTION_CRASHED")
            #expect(await bench.eventually { !WorkerBench.isAlive(child) && !WorkerBench.exists(worker) })
        }
    }

    @Test("a process that left the group and holds the socket open does not keep the requests waiting")
    func stray() async throws {
        try await WorkerBench.run { bench in
            _ = await bench.call("/stray")
            #expect(await bench.call("/crash", .post).error?.code == "FUNCTION_CRASHED")
        }
    }

    @Test("a process dies with the one that spawned it, even in a session of its own")
    func parentDeath() async throws {
        try await WorkerBench.run { bench in
            let child = Int32(await bench.call("/spawner").text) ?? 0
            #expect(child > 0 && WorkerBench.isAlive(child))
            kill(bench.record.started[0].pid, SIGKILL)
            #expect(await bench.eventually { !WorkerBench.isAlive(child) })
        }
    }

    @Test("kill -9 of workers under load loses no safe request", arguments: [1, 3])
    func killed(threads: Int) async throws {
        try await WorkerBench.run(
            threads: threads,
            {
                $0.max = 2; $0.queue = 10_000; $0.wait = .seconds(60)
            }
        ) { bench in
            _ = await bench.call("/echo")
            let answered = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<2_000 {
                    if number % 500 == 250, let victim = bench.record.started.last { kill(victim.pid, SIGKILL) }
                    group.addTask {
                        let outcome = await bench.call("/echo", body: [UInt8(number & 127)], loop: number % threads)
                        return outcome.reply?.body == [UInt8(number & 127)] || outcome.error?.code == "FUNCTION_CRASHED"
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(answered == 2_000)
            #expect(bench.record.crashes.allSatisfy { $0.exit == .signalled(SIGKILL) })
            #expect(await bench.call("/echo", body: [69]).text == "E")
        }
    }

    @Test("what still waits for the socket of a worker that dies goes to another, whatever its method")
    func unwritten() async throws {
        try await WorkerBench.run({
            $0.max = 1; $0.concurrency = 128; $0.queue = 100; $0.wait = .seconds(60); $0.timeout = .seconds(60)
        }) { bench in
            _ = await bench.call("/echo")
            kill(bench.record.started[0].pid, SIGSTOP)
            // One whose body the windows do not let through, more than the socket can hold, and twenty behind them.
            let sizes = [900_000] + Array(repeating: 16_000, count: 64)
            let bodies = sizes.map { [UInt8](repeating: 1, count: $0) } + (0..<20).map { [UInt8($0)] }
            let (ends, ended) = AsyncStream.makeStream(of: (Int, CallOutcome).self)
            for (number, body) in bodies.enumerated() {
                bench.begin("/echo", .post, body: body) { ended.yield((number, $0)) }
                // Each is written as far as that goes before the next one comes.
                for _ in 0..<2 { try await bench.loops[0].submit {}.get() }
            }
            kill(bench.record.started[0].pid, SIGKILL)
            var crashed = 0
            var count = 0
            for await (number, outcome) in ends {
                let isRight = outcome.reply?.body == bodies[number]
                if outcome.error?.code == "FUNCTION_CRASHED", number < 65 {
                    crashed += 1
                } else {
                    #expect(isRight, "\(number)")
                }
                count += 1
                if count == bodies.count { break }
            }
            // Some of the sixty-four were still to be written.
            #expect((2..<64).contains(crashed))
        }
    }

    @Test("a request whose body ends its worker before it is whole ends one worker, not one after the other")
    func poison() async throws {
        try await WorkerBench.run({
            $0.max = 2; $0.timeout = .seconds(60)
        }) { bench in
            let body = [UInt8](repeating: 1, count: 900_000)
            #expect(await bench.call("/crash-early", .post, body: body).error?.code == "FUNCTION_CRASHED")
            #expect(await bench.eventually { bench.record.crashes.count == 1 })
            #expect(await bench.call("/echo", .post, body: body).reply?.body == body)
            #expect(bench.record.crashes.count == 1)
        }
    }

    @Test("past the queue requests are refused at once, within it none is")
    func overload() async throws {
        try await WorkerBench.run({
            $0.max = 1; $0.concurrency = 1; $0.queue = 5
        }) { bench in
            let codes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { await bench.call("/echo").error?.code ?? "answered" } }
                return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(codes["answered"] ?? 0 >= 5)
            #expect(codes.keys.allSatisfy { $0 == "answered" || $0 == "OVERLOADED" })
        }
    }
}

extension WorkerBench {
    /// How many descriptors of processes that have ended this process still holds (pidfd_open(2)); unlike the number of
    /// all descriptors it does not depend on what other tests do at the same time.
    static func endedProcesses() -> Int {
        guard let folder = opendir("/proc/self/fdinfo") else { return -1 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let file = fopen("/proc/self/fdinfo/\(name)", "r") else { continue }
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 256)
            while fgets(&line, 256, file) != nil {
                if String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                    == "Pid:\t-1\n"
                {
                    count += 1
                }
            }
        }
        return count
    }
}
