import Foundation
import Manifests
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import WireProtocol

@testable import Workers

/// Real workers that ask a real PostgreSQL, of several functions, under one budget of connections.
final class LeaseBench: Sendable {
    let group: MultiThreadedEventLoopGroup
    let loops: [any EventLoop]
    let host: WorkerHost
    let pools: WorkerPools
    let record = WorkerRecorder()
    let server: PostgresServer
    let database: String

    /// As many functions as `functions` says, of up to `workers` workers each; those of `withoutDatabase` have no part in
    /// the budget. With `isEnforced` the server itself refuses a connection over the limit.
    init(
        _ limits: ConnectionLimits, functions: Int = 1, workers: Int, threads: Int = 1, concurrency: Int = 4,
        idleTimeout: Duration = .seconds(30), isEnforced: Bool = false, timeout: Duration = .seconds(30),
        withoutDatabase: Set<Int> = []
    ) throws {
        server = try PostgresServer.shared()
        var url = try server.makeDatabase()
        database = String(url.dropFirst("postgresql:///".count).prefix { $0 != "?" })
        if isEnforced {
            try server.run("CREATE ROLE worker_\(database) LOGIN CONNECTION LIMIT \(limits.connections)")
            url = url.replacing("user=postgres", with: "user=worker_\(database)")
        }
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        loops = Array(group.makeIterator())
        host = try WorkerHost(
            loops: loops, observer: record, output: record, startsAtOnce: 8, connections: limits)
        var settings = PoolSettings()
        settings.max = workers
        settings.min = workers
        settings.concurrency = concurrency
        settings.target = 1
        settings.queue = 100_000
        settings.wait = .seconds(30)
        settings.timeout = timeout
        settings.startsAtOnce = 8
        settings.start = .seconds(60)
        let executable = WorkerBench.probe.replacing("/WorkerProbe", with: "/LeaseProbe")
        var made: [Pool] = []
        for number in 1...functions {
            let specification = WorkerSpecification(
                function: "Lease\(number)", executable: executable,
                environment: [
                    "DATABASE_URL": url, "SWIFTLET_DATABASE_CONNECTIONS": "\(concurrency)",
                    "SWIFTLET_DATABASE_IDLE_TIMEOUT": "\(idleTimeout.wireMilliseconds)ms",
                    "SWIFTLET_DATABASE_CONNECTION_TIMEOUT": "\(limits.wait.wireMilliseconds)ms",
                ], directory: "/", files: 64,
                usesDatabase: !withoutDatabase.contains(number - 1))
            made.append(host.pool(specification, settings))
        }
        pools = WorkerPools(made, host: host)
    }

    /// A bench for the time of `body`; everything is stopped afterwards.
    static func run(
        _ limits: ConnectionLimits, functions: Int = 1, workers: Int, threads: Int = 1, concurrency: Int = 4,
        idleTimeout: Duration = .seconds(30), isEnforced: Bool = false, timeout: Duration = .seconds(30),
        withoutDatabase: Set<Int> = [], _ body: (LeaseBench) async throws -> Void
    ) async throws {
        let bench = try LeaseBench(
            limits, functions: functions, workers: workers, threads: threads, concurrency: concurrency,
            idleTimeout: idleTimeout, isEnforced: isEnforced, timeout: timeout, withoutDatabase: withoutDatabase)
        let result: Result<Void, any Error>
        do { result = .success(try await body(bench)) } catch { result = .failure(error) }
        await bench.pools.stop(grace: .seconds(5))
        await bench.host.stop()
        try? await bench.group.shutdownGracefully()
        try result.get()
    }

    /// Starts all workers, and waits until they are there.
    func start() async -> Bool {
        pools.start()
        let wanted = pools.pools.reduce(0) { $0 + $1.settings.min }
        return await eventually(within: .seconds(60)) { self.record.started.count >= wanted }
    }

    /// Invokes on a loop and waits for the end.
    func call(
        _ query: [Invocation.Parameter] = [], function: Int = 0, loop: Int = 0, method: WireProtocol.Method = .get
    ) async -> CallOutcome {
        await withCheckedContinuation { continuation in
            loops[loop].execute {
                let invocation = Invocation(
                    requestID: .given("req-\(function)"),
                    trace: TraceContext(traceHigh: 1, traceLow: 2, parent: 3, flags: 0), method: method,
                    path: Array("/lease".utf8), query: query)
                let caller = CallSink(self.loops[loop]) { continuation.resume(returning: $0) }
                _ = self.pools.invoke(FunctionID(function), invocation, loop: loop, into: caller)
                caller.returned()
            }
        }
    }

    /// The statement takes so many milliseconds.
    func call(ms: Int, function: Int = 0, loop: Int = 0) async -> CallOutcome {
        await call([.init("ms", "\(ms)")], function: function, loop: loop)
    }

    /// Invokes a statement that takes until `openGate`. One gate a bench.
    func callUntilGate(function: Int = 0) async -> CallOutcome {
        await call([.init("gate", "one")], function: function)
    }

    /// Makes the gate, shut.
    func makeGate() throws {
        try server.run(
            """
            CREATE TABLE gates (name text);
            GRANT SELECT ON gates TO public;
            CREATE FUNCTION wait_for_gate(wanted text) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
              WHILE NOT EXISTS (SELECT FROM gates WHERE name = wanted) LOOP PERFORM pg_sleep(0.002); END LOOP;
            END $$
            """, database: database)
    }

    /// Opens the gate, for good.
    func openGate() throws { try server.run("INSERT INTO gates VALUES ('one')", database: database) }

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

    /// Whether a function is served, tried again and again.
    func served(function: Int) async -> Bool {
        for _ in 0..<100 where await call(ms: 0, function: function).reply?.kind == .response { return true }
        return false
    }

    /// Whether so many rows are counted in the end by `SELECT count(*)` and the rest of the statement.
    func eventuallyCounts(_ wanted: Int, _ rest: String) async throws -> Bool {
        for _ in 0..<500 {
            let text = try server.run("SELECT count(*) \(rest)", database: database)
            if Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) == wanted { return true }
            await Task.yield()
        }
        return false
    }

    /// Connections of the workers that the server counts.
    func serverConnections() throws -> Int {
        let text = try server.run("SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database)'")
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }
}

/// Looks at the server's own list of connections again and again, from within the server, and keeps the most it saw.
final class ConnectionWatch: Sendable {
    private let server: PostgresServer
    private let watched: String
    private let outcome: Task<String, any Error>

    /// Begins to look at connections to the database of `bench`.
    init(_ bench: LeaseBench) async throws {
        server = bench.server
        watched = bench.database
        let (server, watched) = (server, watched)
        try server.run("CREATE TABLE IF NOT EXISTS watches (name text PRIMARY KEY, begun boolean)")
        try server.run(
            """
            CREATE OR REPLACE FUNCTION watch_connections(watched text) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE most int := 0; looks int := 0; now_open int;
            BEGIN
              LOOP
                PERFORM pg_stat_clear_snapshot();
                SELECT count(*) INTO now_open FROM pg_stat_activity WHERE datname = watched;
                most := greatest(most, now_open);
                looks := looks + 1;
                EXIT WHEN EXISTS (SELECT FROM watches WHERE name = watched);
                PERFORM pg_sleep(0.001);
              END LOOP;
              RETURN most || ' ' || looks;
            END $$
            """)
        outcome = Task.detached { try server.run("SELECT watch_connections('\(watched)')") }
        _ = await bench.eventually {
            ((try? server.run("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT watch_conn%'")) ?? "")
                .hasPrefix("1")
        }
    }

    /// Ends the looking: the most connections that were open at once, and how many looks that took.
    func end() async throws -> (most: Int, looks: Int) {
        try server.run("INSERT INTO watches (name) VALUES ('\(watched)')")
        let words = try await outcome.value.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
        return (words.first ?? -1, words.last ?? 0)
    }
}
