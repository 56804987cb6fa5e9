import Glibc
import NIOCore
import NIOPosix
import Synchronization
import WireProtocol

@testable import Workers

/// Real event loops, a real spawner and real probe processes, with one pool.
final class WorkerBench: Sendable {
    let group: MultiThreadedEventLoopGroup
    let loops: [any EventLoop]
    let host: WorkerHost
    let pools: WorkerPools
    let record: WorkerRecorder

    var pool: Pool { pools.pools[0] }

    /// The probe beside the test's own program.
    static var probe: String {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let text = String(decoding: path.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/WorkerProbe"
    }

    init(
        mode: String = "serve", threads: Int = 1, environment: [String: String] = [:],
        executable: String = WorkerBench.probe, _ change: (inout PoolSettings) -> Void = { _ in }
    ) throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        loops = Array(group.makeIterator())
        record = WorkerRecorder()
        host = try WorkerHost(loops: loops, observer: record, output: record)
        var settings = PoolSettings()
        change(&settings)
        let specification = WorkerSpecification(
            function: "Probe", executable: executable, arguments: [executable, mode], environment: environment,
            directory: "/", files: 64)
        pools = WorkerPools([host.pool(specification, settings)], host: host)
    }

    /// A bench for the time of `body`; everything is stopped afterwards, and no process may be left.
    static func run(
        mode: String = "serve", threads: Int = 1, environment: [String: String] = [:],
        executable: String = WorkerBench.probe, _ change: (inout PoolSettings) -> Void = { _ in },
        _ body: (WorkerBench) async throws -> Void
    ) async throws {
        let bench = try WorkerBench(
            mode: mode, threads: threads, environment: environment, executable: executable, change)
        do {
            try await body(bench)
        } catch {
            await bench.stop()
            throw error
        }
        await bench.stop()
    }

    func stop() async {
        await pools.stop(grace: .seconds(5))
        await host.stop()
        try? await group.shutdownGracefully()
    }

    /// Invokes on a loop and waits for the end.
    func call(
        _ path: String, _ method: WireProtocol.Method = .get, body: [UInt8] = [], loop: Int = 0
    ) async -> CallOutcome {
        await withCheckedContinuation { continuation in
            begin(path, method, body: body, loop: loop) { continuation.resume(returning: $0) }
        }
    }

    /// Invokes on a loop; `ticket` is called there with the ticket, `done` with the end.
    func begin(
        _ path: String, _ method: WireProtocol.Method = .get, body: [UInt8] = [], loop: Int = 0,
        ticket: @escaping @Sendable (InvocationTicket) -> Void = { _ in },
        _ done: @escaping @Sendable (CallOutcome) -> Void
    ) {
        loops[loop].execute {
            let invocation = Invocation(
                requestID: .given("req-\(path.dropFirst())"),
                trace: TraceContext(traceHigh: 1, traceLow: 2, parent: 3, flags: 0), method: method,
                path: Array(path.utf8), body: body)
            let caller = CallSink(self.loops[loop], done)
            ticket(self.pools.invoke(FunctionID(0), invocation, loop: loop, into: caller))
            caller.returned()
        }
    }

    /// Waits for a condition, looked at again and again; false when it does not come within the limit.
    func eventually(within limit: Duration = .seconds(10), _ condition: @escaping @Sendable () -> Bool) async -> Bool {
        let end = Instant.now() + limit
        return await withCheckedContinuation { continuation in
            let promise = loops[0].makePromise(of: Bool.self)
            promise.futureResult.whenSuccess { continuation.resume(returning: $0) }
            loops[0].scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(2)) { task in
                let isMet = condition()
                guard isMet || Instant.now() > end else { return }
                task.cancel()
                promise.succeed(isMet)
            }
        }
    }

    /// Whether a process runs, zombies not counted.
    static func isAlive(_ pid: Int32) -> Bool {
        guard let file = fopen("/proc/\(pid)/stat", "r") else { return false }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        guard fgets(&line, 512, file) != nil else { return false }
        let text = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let close = text.lastIndex(of: ")") else { return false }
        return text[close...].dropFirst(2).first != "Z"
    }

    /// Whether there is a process of that number, even a dead one that nobody reaped.
    static func exists(_ pid: Int32) -> Bool { access("/proc/\(pid)", F_OK) == 0 }
}
