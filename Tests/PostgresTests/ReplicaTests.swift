import Synchronization
import TestSupport
import Testing
import WorkerLoop

@testable import Postgres

/// Reads from replicas; each is a database of its own here, so that it is plain who answered.
@Suite(.timeLimit(.minutes(3))) struct ReplicaTests {
    /// A pool with a primary and these replicas.
    private func withReplicas<Value: Sendable>(
        _ replicas: [String], leases: (any ConnectionLeases)? = nil,
        _ body: @Sendable (PostgresPool, _ primary: String) async throws -> Value
    ) async throws -> Value {
        let primary = try PostgresServer.shared().makeDatabase()
        var configuration = PostgresConfiguration(
            url: primary, minimumConnections: 1, maximumConnections: 2, connectionTimeout: .seconds(20))
        configuration.replicaURLs = replicas
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        defer {
            loop.stop()
            thread.join()
        }
        let pool = try PostgresPool(configuration, on: loop, leases: leases)
        let result: Result<Value, any Error>
        do { result = .success(try await body(pool, name(primary))) } catch { result = .failure(error) }
        await withTaskExecutorPreference(loop.taskExecutor) { pool.close() }
        return try result.get()
    }

    private func name(_ url: String) -> String {
        String(url.dropFirst("postgresql:///".count).prefix { $0 != "?" })
    }

    /// Which database a read goes to.
    private func reader(_ pool: PostgresPool) async throws -> String? {
        try await pool.read { try await $0.queryOne("SELECT current_database()", as: String.self) }
    }

    @Test("reads go to the replicas in turn, and everything else to the primary")
    func turns() async throws {
        let server = try PostgresServer.shared()
        let replicas = [try server.makeDatabase(), try server.makeDatabase()]
        try await withReplicas(replicas) { pool, primary async throws in
            // Who does not read opens no connection to a replica.
            #expect(await eventually { pool.state.withLock { $0.machine.idle.count } == 1 })
            for replica in pool.replicas { #expect(replica.state.withLock { $0.machine.lastConnection } == 0) }
            var seen: [String?] = []
            for _ in 0..<6 { seen.append(try await reader(pool)) }
            let (one, two) = (name(replicas[0]), name(replicas[1]))
            #expect(seen == [one, two, one, two, one, two])
            #expect(try await pool.queryOne("SELECT current_database()", as: String.self) == primary)
        }
    }

    @Test("without replicas reads go to the primary")
    func none() async throws {
        try await withReplicas([]) { pool, primary async throws in #expect(try await reader(pool) == primary) }
    }

    @Test("a replica's sessions refuse changes, the primary's do not")
    func readOnly() async throws {
        let replica = try PostgresServer.shared().makeDatabase()
        try await withPool(replica) { try await $0.execute("CREATE TABLE t (id int)") }
        try await withReplicas([replica]) { pool, _ async throws in
            let error = await postgresError {
                _ = try await pool.read { try await $0.execute("INSERT INTO t VALUES (1)") }
            }
            #expect(error?.sqlState == "25006")
            let inTransaction = await postgresError {
                _ = try await pool.read { replica in
                    try await replica.transaction { try await $0.execute("INSERT INTO t VALUES (1)") }
                }
            }
            #expect(inTransaction?.sqlState == "25006")
            #expect(try await pool.read { try await $0.queryOne("SELECT count(*) FROM t", as: Int.self) } == 0)
            try await pool.execute("CREATE TABLE t (id int)")
            #expect(try await pool.execute("INSERT INTO t VALUES (1)") == 1)
        }
    }

    @Test("a replica that cannot be reached is passed over, and when none can, the primary answers")
    func fallback() async throws {
        let there = try PostgresServer.shared().makeDatabase()
        let away = "postgresql:///x?host=/tmp/no-such-folder"
        let unknown = try PostgresServer.shared().url("no_such_database")
        try await withReplicas([away, there, unknown]) { pool, _ async throws in
            for _ in 0..<6 { #expect(try await reader(pool) == name(there)) }
        }
        try await withReplicas([away, unknown]) { pool, primary async throws in
            for _ in 0..<3 { #expect(try await reader(pool) == primary) }
            #expect(pool.rotation.withLock { $0.isAway(0) && $0.isAway(1) })
        }
    }

    @Test("a replica that goes while it is read from fails that read alone, and is read from again when it is back")
    func goesAndComes() async throws {
        let server = try PostgresServer.shared()
        let database = try name(server.makeDatabase())
        let front = try FaultyProxy(to: .path("\(server.folder)/.s.PGSQL.5432"))
        let replica = "postgresql://postgres@127.0.0.1:\(front.port)/\(database)?sslmode=disable"
        try await withReplicas([replica]) { pool, primary async throws in
            #expect(try await reader(pool) == database)
            let error = await postgresError {
                try await pool.read { replica in
                    front.refuse()
                    _ = try await replica.queryOne("SELECT 1", as: Int.self)
                }
            }
            #expect(error?.kind == .connection)
            #expect(try await reader(pool) == primary)
            front.pass()
            #expect(try await eventually { try await reader(pool) == database })
            #expect(pool.rotation.withLock { !$0.isAway(0) })
        }
    }

    @Test("connections to replicas have leases too")
    func leased() async throws {
        let server = try PostgresServer.shared()
        let leases = Tickets()
        try await withReplicas([server.makeDatabase(), server.makeDatabase()], leases: leases) { pool, _ async throws in
            for _ in 0..<4 { _ = try await reader(pool) }
            #expect(await eventually { leases.held == 3 })
            await withTaskExecutorPreference(pool.loop.taskExecutor) { pool.close() }
            #expect(await eventually { leases.held == 0 })
        }
    }

    /// Leases without a limit, counted.
    private final class Tickets: ConnectionLeases {
        private let state = Mutex((last: UInt64(0), held: Set<UInt64>()))

        var held: Int { state.withLock { $0.held.count } }

        func lease() async throws -> ConnectionLeaseID {
            state.withLock { state in
                state.last += 1
                state.held.insert(state.last)
                return ConnectionLeaseID(rawValue: state.last)
            }
        }

        func release(_ lease: ConnectionLeaseID) { state.withLock { _ = $0.held.remove(lease.rawValue) } }
    }
}
