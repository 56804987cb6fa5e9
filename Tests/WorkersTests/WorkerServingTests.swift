import Glibc
import Testing
import WireProtocol

@testable import Workers

@Suite("Real workers that behave", .timeLimit(.minutes(2)))
struct WorkerServingTests {
    @Test("a cold request starts a worker, the next ones find it warm", arguments: [1, 3])
    func echo(threads: Int) async throws {
        try await WorkerBench.run(threads: threads) { bench in
            let cold = await bench.call("/echo", .post, body: Array("hello".utf8))
            #expect(cold.text == "hello")
            #expect(cold.worker?.coldStart == true)
            #expect(cold.worker?.number == 1)
            for loop in 0..<threads {
                let warm = await bench.call("/echo", .post, body: Array("again".utf8), loop: loop)
                #expect(warm.text == "again")
                #expect(warm.worker?.coldStart == false)
                #expect(warm.worker?.pid == cold.worker?.pid)
            }
            #expect(bench.record.started.map(\.number) == [1])
        }
    }

    @Test("bodies far larger than a frame travel both ways")
    func large() async throws {
        try await WorkerBench.run { bench in
            let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            #expect(await bench.call("/echo", .post, body: body).reply?.body == body)
            #expect(await bench.call("/big").reply?.body.count == 1 << 20)
        }
    }

    @Test("bodies of many lengths, many at once, come back as they were sent", arguments: [1, 3])
    func mixed(threads: Int) async throws {
        // Around the lengths where a body has a frame of its own, needs a second one, and waits for a window.
        let lengths = [1, 4_000, 16_384, 16_385, 20_000, 65_535, 65_536, 65_537, 70_000, 131_073, 400_000]
        try await WorkerBench.run(
            threads: threads,
            {
                $0.max = 2; $0.queue = 1_000
            }
        ) { bench in
            let right = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<220 {
                    group.addTask {
                        let length = lengths[number % lengths.count]
                        let body = (0..<length).map { UInt8(truncatingIfNeeded: ($0 &+ number) &* 31 >> 2) }
                        return await bench.call("/echo", .post, body: body, loop: number % threads).reply?.body == body
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(right == 220)
        }
    }

    @Test("many requests at once on several loops are all answered, by no more workers than allowed")
    func load() async throws {
        try await WorkerBench.run(
            threads: 3,
            {
                $0.max = 3; $0.queue = 10_000
            }
        ) { bench in
            let answers = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<3_000 {
                    group.addTask {
                        let text = "request \(number)"
                        return await bench.call("/echo", .post, body: Array(text.utf8), loop: number % 3).text == text
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(answers == 3_000)
            let status = await bench.pools.status()[0]
            #expect(status.workers.count <= 3)
            #expect(status.workers.reduce(0) { $0 + $1.handled } == 3_000)
            #expect(status.inFlight == 0)
            #expect(status.queued == 0)
            #expect(status.coldStarts == bench.record.started.count)
        }
    }

    @Test("a worker reads bodies from the memory that it shares, and cannot take any of it away")
    func memory() async throws {
        try await WorkerBench.run { bench in
            let body = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let refused = "Operation not permitted"
            #expect(await bench.call("/memory").text == "shrink \(refused)\ngrow \(refused)")
            for _ in 0..<5 { #expect(await bench.call("/echo", .post, body: body).reply?.body == body) }
        }
    }

    @Test("a worker from before there was memory to share gets its bodies by the socket")
    func old() async throws {
        try await WorkerBench.run(mode: "old") { bench in
            let body = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for _ in 0..<3 { #expect(await bench.call("/echo", .post, body: body).reply?.body == body) }
            #expect(bench.record.crashes.isEmpty && bench.record.violations.isEmpty)
        }
    }

    @Test("a worker has descriptors 0 to 3, its declared environment, its limits, and nothing else")
    func surroundings() async throws {
        try await WorkerBench.run(environment: ["GREETING": "good day", "EMPTY": ""]) { bench in
            // The last one came with the first frame: the memory that is shared.
            #expect(await bench.call("/descriptors").text == "0 1 2 3 4")
            #expect(await bench.call("/handed").text == "4")
            #expect(await bench.call("/environment").text == "EMPTY=\nGREETING=good day\nSWIFTLET_WORKER=1")
            #expect(
                await bench.call("/limits").text
                    == "files 64\ncore 0\numask 63\nsession true\ngroup true")
            let pid = bench.record.started[0].pid
            #expect(WorkerBench.text(of: "/proc/\(pid)/status").contains("NoNewPrivs:\t1"))
            #expect(WorkerBench.text(of: "/proc/\(pid)/status").contains("SigBlk:\t0000000000000000"))
            #expect(WorkerBench.text(of: "/proc/\(pid)/status").contains("SigIgn:\t0000000000000000"))
        }
    }

    @Test("what a worker prints becomes lines, and what it logs carries its request")
    func output() async throws {
        try await WorkerBench.run { bench in
            #expect(await bench.call("/print").text == "printed")
            #expect(await bench.eventually { bench.record.lines.count == 3 })
            let texts = bench.record.lines.filter { $0.stream == .output }.map(\.text)
            #expect(texts == ["one", "two \\u{1b}[31mred"])
            #expect(bench.record.lines.first { $0.stream == .error }?.text == "three")
            #expect(bench.record.lines.allSatisfy { $0.worker == bench.record.started[0] })
            #expect(await bench.call("/log").text == "logged")
            #expect(bench.record.logs.map(\.frame.message) == ["careful"])
            #expect(bench.record.logs[0].request == .given("req-log"))
        }
    }

    @Test("a flood of output is limited, and what was dropped is counted")
    func flood() async throws {
        let bench = try WorkerBench()
        #expect(await bench.call("/flood").text == "flooded")
        await bench.stop()
        let lines = bench.record.lines
        #expect(lines.count < 20_000)
        #expect(lines.reduce(0) { $0 + $1.dropped } + lines.filter { !$0.text.isEmpty }.count == 20_000)
    }

    @Test("a worker that has nothing to do is asked to end after the idle time")
    func idle() async throws {
        try await WorkerBench.run({ $0.idle = .milliseconds(20) }) { bench in
            let pid = Int32(await bench.call("/pid").text) ?? 0
            #expect(await bench.eventually { !WorkerBench.exists(pid) })
            #expect(
                await bench.eventually {
                    bench.record.events.contains(.stopped(bench.record.started[0], exit: .exited(code: 0)))
                })
            #expect(await bench.call("/pid").worker?.number == 2)
        }
    }

    @Test("the least number of workers is there before the first request")
    func minimum() async throws {
        try await WorkerBench.run({ $0.min = 2 }) { bench in
            bench.pools.start()
            #expect(await bench.eventually { bench.record.started.count == 2 })
            #expect(await bench.call("/echo").worker?.coldStart == false)
        }
    }

    @Test("stopping lets requests finish and leaves no process, not even one that is deaf to SIGTERM")
    func stop() async throws {
        let bench = try WorkerBench(mode: "deaf")
        let pid = Int32(await bench.call("/pid").text) ?? 0
        bench.begin("/never") { _ in }
        #expect(await bench.eventually { bench.pool.read { $0.machine.deadlines.count } == 1 })
        await bench.pools.stop(grace: .milliseconds(50))
        #expect(!WorkerBench.exists(pid))
        await bench.stop()
    }

    @Test("a request that nobody waits for any more is cancelled, and its sink hears nothing")
    func cancel() async throws {
        try await WorkerBench.run({
            $0.max = 1; $0.concurrency = 1
        }) { bench in
            _ = await bench.call("/echo")
            bench.begin("/never", ticket: { bench.pools.cancel($0, loop: 0) }) { _ in
                Issue.record("a cancelled request was answered")
            }
            #expect(await bench.call("/echo", body: [65]).text == "A", "its place is free again")
        }
    }

    @Test("a handler's error and its early end come through")
    func reset() async throws {
        try await WorkerBench.run { bench in
            #expect(await bench.call("/reset").error?.code == "CONFLICT")
        }
    }
}

extension WorkerBench {
    /// What a file under /proc says.
    static func text(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
