import Glibc
import NIOCore
import Synchronization
import Testing
import WireProtocol

@testable import Workers

@Suite("Bodies that pass through real workers", .serialized, .timeLimit(.minutes(2)))
struct StreamServingTests {
    static let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    @Test(
        "a body of megabytes goes in and comes out again, on the worker's own loop and from another", arguments: [1, 3])
    func echo(threads: Int) async throws {
        try await WorkerBench.run(threads: threads, executable: WorkerBench.streamProbe, { $0.max = 1 }) { bench in
            await withTaskGroup(of: Void.self) { group in
                for loop in 0..<threads {
                    group.addTask {
                        let outcome = await bench.stream("echo", body: Self.body, length: Self.body.count, loop: loop)
                        #expect(outcome.bytes == Self.body && outcome.isWhole, "loop \(loop)")
                        #expect(outcome.asked < Self.body.count + 200_000)
                        let unknown = await bench.stream("size", body: Self.body, loop: loop)
                        #expect(String(decoding: unknown.bytes, as: UTF8.self) == "3000000 of ?")
                    }
                }
            }
            #expect(bench.record.started.count == 1)
        }
    }

    @Test("a caller that takes nothing gets 64 KiB and no more, and others are served meanwhile", arguments: [1, 2])
    func backpressure(threads: Int) async throws {
        try await WorkerBench.run(threads: threads, executable: WorkerBench.streamProbe, { $0.max = 1 }) { bench in
            _ = await bench.stream("unread")
            let loop = threads - 1
            async let slow = bench.stream(
                "count", [.init("count", "1000000"), .init("sized", "true")], loop: loop,
                began: { call in
                    bench.loops[loop].scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { task in
                        guard call.held >= 65_536 else { return }
                        #expect(call.held == 65_536)
                        task.cancel()
                        bench.loops[loop].scheduleTask(in: .milliseconds(20)) {
                            #expect(call.held == 65_536)
                            call.take()
                        }
                    }
                })
            for _ in 0..<20 {
                #expect(await bench.stream("count", [.init("count", "200000")]).bytes.count == 200_000)
            }
            let outcome = await slow
            #expect(outcome.bytes.count == 1_000_000 && outcome.isWhole && outcome.length == 1_000_000)
        }
    }

    @Test("a worker that dies in its answer breaks it off, whatever the method")
    func death() async throws {
        try await WorkerBench.run(executable: WorkerBench.streamProbe) { bench in
            let outcome = await bench.stream("die", [.init("count", "10")])
            #expect(outcome.bytes.count == 10 && !outcome.isWhole)
            #expect(outcome.error?.code == "FUNCTION_CRASHED")
            #expect(await bench.stream("count", [.init("count", "1")]).isWhole)
        }
    }

    @Test("a worker that dies with bodies on their way leaves nothing in the gateway", arguments: [false, true])
    func leftovers(isUpload: Bool) async throws {
        try await WorkerBench.run(executable: WorkerBench.streamProbe) { bench in
            let links = Mutex<[WeakLink]>([])
            for _ in 0..<5 {
                // Neither what comes nor what is sent is taken, so both are on their way.
                let action = isUpload ? "echo" : "endless"
                let outcome = await bench.stream(
                    action, [.init("count", "1000")], body: isUpload ? Self.body : nil,
                    began: { call in
                        guard let link = call.link else { return }
                        links.withLock { $0.append(WeakLink(link)) }
                        kill(link.identity.pid, SIGKILL)
                    })
                #expect(outcome.error?.code == "FUNCTION_CRASHED" && !outcome.isWhole)
            }
            #expect(links.withLock { $0.count } == 5)
            #expect(await bench.eventually { links.withLock { $0.allSatisfy { $0.link == nil } } })
        }
    }

    @Test("an error before the first byte is an answer, after it the answer breaks off")
    func errors() async throws {
        try await WorkerBench.run(executable: WorkerBench.streamProbe) { bench in
            let refused = await bench.stream("refuse")
            #expect(refused.head?.kind == .error(.conflict("not now")) && refused.bytes.isEmpty)
            let late = await bench.stream("late")
            #expect(late.bytes == Array("the first part".utf8) && !late.isWhole)
            #expect(late.error?.cause == "Boom()")
        }
    }

    @Test("a cancelled stream's handler ends, and its place is free", arguments: [1, 2])
    func cancel(threads: Int) async throws {
        try await WorkerBench.run(
            threads: threads, executable: WorkerBench.streamProbe,
            {
                $0.max = 1
                $0.concurrency = 1
            }
        ) { bench in
            _ = await bench.stream("unread")
            let loop = threads - 1
            let ticket = Mutex<InvocationTicket?>(nil)
            bench.loops[loop].execute {
                let invocation = Invocation(
                    requestID: .given("r"), trace: TraceContext(traceHigh: 1, traceLow: 2, parent: 3, flags: 0),
                    method: .get, path: [47], parameters: [.init("action", "endless")],
                    query: [.init("count", "1000")])
                let call = StreamedCall(
                    on: bench.loops[loop], body: [],
                    began: { _ in
                        bench.loops[loop].execute {
                            if let ticket = ticket.withLock({ $0 }) { bench.pools.cancel(ticket, loop: loop) }
                        }
                    }
                ) { _ in Issue.record("a cancelled call ended") }
                let given = bench.pools.invoke(FunctionID(0), invocation, loop: loop, into: call)
                ticket.withLock { $0 = given }
            }
            #expect(await bench.stream("count", [.init("count", "1")]).isWhole)
            #expect(await bench.eventually { bench.record.logs.contains { $0.frame.message == "stopped" } })
            #expect(bench.record.started.count == 1)
        }
    }

    @Test("a body waits with its sender while no worker has room")
    func queued() async throws {
        try await WorkerBench.run(
            executable: WorkerBench.streamProbe,
            {
                $0.max = 1
                $0.concurrency = 1
            }
        ) { bench in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let outcome = await bench.stream("echo", body: Self.body, length: Self.body.count)
                        #expect(outcome.bytes == Self.body)
                    }
                }
            }
            #expect(bench.record.started.count == 1)
        }
    }
}

/// A link that a test looks for and does not keep.
///
/// `@unchecked Sendable`: only whether it is there is asked.
struct WeakLink: @unchecked Sendable {
    private(set) weak var link: WorkerLink?

    init(_ link: WorkerLink) { self.link = link }
}
