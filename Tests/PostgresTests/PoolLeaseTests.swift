import Synchronization
import TestSupport
import Testing
import WorkerLoop

@testable import Postgres

/// Leases as the gateway gives them, without one: so many, and some wanted back when the test says so.
private final class CountedLeases: ConnectionLeases {
    struct Refusal: TemporaryFailure, Equatable {
        var retryAfter: Duration? { .seconds(7) }
    }
    private struct State {
        var limit: Int
        var held: Set<UInt64> = []
        var last: UInt64 = 0
        var most = 0
        var wanted = 0
        var kept = 0
        var watcher: (@Sendable () -> Void)?
    }
    private let state: Mutex<State>

    init(_ limit: Int) { state = Mutex(State(limit: limit)) }

    var held: Int { state.withLock { $0.held.count } }
    var most: Int { state.withLock { $0.most } }
    var kept: Int { state.withLock { $0.kept } }

    func lease() async throws -> ConnectionLeaseID {
        let number = state.withLock { state -> UInt64? in
            guard state.held.count < state.limit else { return nil }
            state.last += 1
            state.held.insert(state.last)
            state.most = max(state.most, state.held.count)
            return state.last
        }
        guard let number else { throw Refusal() }
        return ConnectionLeaseID(rawValue: number)
    }

    func release(_ lease: ConnectionLeaseID) { state.withLock { _ = $0.held.remove(lease.rawValue) } }

    func takeRecall() -> Bool {
        state.withLock { state in
            guard state.wanted > 0 else { return false }
            state.wanted -= 1
            return true
        }
    }

    func whenDemandChanges(_ callback: @escaping @Sendable () -> Void) { state.withLock { $0.watcher = callback } }

    /// So many are wanted back, and so many may stay unused.
    func demand(wanted: Int = 0, kept: Int = 0) {
        let watcher = state.withLock { state in
            state.wanted = wanted
            state.kept = kept
            return state.watcher
        }
        watcher?()
    }
}

@Suite struct PoolLeaseTests {
    private func withLeasedPool(
        _ leases: CountedLeases, idleTimeout: Duration = .seconds(30),
        _ body: @Sendable (PostgresPool, String) async throws -> Void
    ) async throws {
        let url = try PostgresServer.shared().makeDatabase()
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        defer {
            loop.stop()
            thread.join()
        }
        let pool = try PostgresPool(
            PostgresConfiguration(
                url: url, maximumConnections: 4, idleTimeout: idleTimeout, connectionTimeout: .seconds(20)),
            on: loop, leases: leases)
        let name = String(url.dropFirst("postgresql:///".count).prefix { $0 != "?" })
        let result: Result<Void, any Error>
        do { result = .success(try await body(pool, name)) } catch { result = .failure(error) }
        await withTaskExecutorPreference(loop.taskExecutor) { pool.close() }
        #expect(await eventually { leases.held == 0 }, "a closed pool keeps no lease")
        try result.get()
    }

    private func open(_ database: String) throws -> String {
        try PostgresServer.shared().run("SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database)'")
            .filter(\.isNumber)
    }

    @Test("each connection has a lease, and a lease given back is a connection that the server no longer has")
    func leased() async throws {
        let leases = CountedLeases(3)
        try await withLeasedPool(leases) { pool, database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await pool.execute("SELECT pg_sleep(0.05)") } }
                try await group.waitForAll()
            }
            #expect(leases.held == 3)
            leases.demand(wanted: 2)
            #expect(await eventually { leases.held == 1 })
            #expect(try open(database) == "1")
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
            #expect(leases.held == 1)
        }
    }

    @Test("a connection in use is given back when its statement has ended, and the next one asks anew")
    func busy() async throws {
        let leases = CountedLeases(1)
        try await withLeasedPool(leases) { pool, _ in
            let before = try await pool.lease()
            leases.demand(wanted: 1)
            #expect(leases.held == 1)
            pool.giveBack(before)
            #expect(await eventually { leases.held == 0 })
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
            #expect(leases.most == 1)
        }
    }

    @Test("without a lease a statement fails by the lender's own error")
    func refused() async throws {
        let leases = CountedLeases(0)
        try await withLeasedPool(leases) { pool, _ in
            await #expect(throws: CountedLeases.Refusal()) { try await pool.execute("SELECT 1") }
        }
    }

    @Test("a connection that cannot be opened costs no lease")
    func unreachable() async throws {
        let leases = CountedLeases(2)
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        let pool = try PostgresPool(
            PostgresConfiguration(url: "postgresql:///x?host=/nowhere"), on: loop, leases: leases)
        #expect(await postgresError { try await pool.execute("SELECT 1") }?.kind == .connection)
        #expect(await eventually { leases.held == 0 })
        #expect(leases.most == 1)
        pool.close()
        loop.stop()
        thread.join()
    }

    @Test("a pool that nobody has any more gives its leases back, each when the server has closed its connection")
    func dropped() async throws {
        let leases = CountedLeases(2)
        let url = try PostgresServer.shared().makeDatabase()
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        do {
            let pool = try PostgresPool(PostgresConfiguration(url: url), on: loop, leases: leases)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { try await pool.execute("SELECT pg_sleep(0.05)") } }
                try await group.waitForAll()
            }
            #expect(leases.held == 2)
        }
        #expect(await eventually { leases.held == 0 })
        #expect(try open(String(url.dropFirst("postgresql:///".count).prefix { $0 != "?" })) == "0")
        loop.stop()
        thread.join()
    }

    @Test("unused connections are closed after their time, but for those that may stay")
    func kept() async throws {
        let leases = CountedLeases(3)
        try await withLeasedPool(leases, idleTimeout: .milliseconds(50)) { pool, _ in
            leases.demand(kept: 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await pool.execute("SELECT pg_sleep(0.05)") } }
                try await group.waitForAll()
            }
            #expect(await eventually { leases.held == 1 })
            leases.demand(kept: 0)
            #expect(await eventually { leases.held == 0 })
        }
    }

    @Test("no connection in time is a matter of load, other errors are not")
    func temporary() {
        #expect(PostgresError.poolTimeout.retryAfter == .seconds(1))
        #expect(PostgresError.closed.retryAfter == nil)
        #expect(PostgresError(.server, "no", sqlState: .uniqueViolation).retryAfter == nil)
    }

    @Test("the machine gives up the connection unused for longest, and none that is lent")
    func machine() {
        var pool = PoolTimeline(maximum: 3, idleTimeout: .seconds(10))
        #expect(pool.machine.giveUpIdle() == nil)
        for waiter in 1...3 { _ = pool.request(waiter) }
        for connection in 1...3 { _ = pool.opened(connection) }
        #expect(pool.machine.giveUpIdle() == nil)
        _ = pool.returned(2)
        _ = pool.returned(1)
        #expect(pool.machine.giveUpIdle() == .close(2))
        pool.machine.kept = 2
        #expect(pool.untilTick == nil)
        pool.machine.kept = 1
        #expect(pool.untilTick == .seconds(10))
        #expect(pool.pass(.seconds(10)) == [.close(1)])
        #expect(pool.machine.giveUpIdle() == nil)
        #expect(pool.machine.impossibleEvents == 0)
    }
}
