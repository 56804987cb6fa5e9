import TestSupport
import Testing
import WorkerLoop

@testable import Postgres

@Suite struct PoolTests {
    @Test("many statements at once share the connections that there may be")
    func sharing() async throws {
        try await withPool(maximum: 3) { pool async throws in
            let answers = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for number in 0..<100 {
                    group.addTask {
                        struct Row: Decodable, Sendable {
                            var number: Int
                            var process: Int
                        }
                        let row = try await pool.queryOne(
                            "SELECT \(number) AS number, pg_backend_pid() AS process", as: Row.self)
                        return (number, row?.number == number ? row?.process ?? 0 : -1)
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1.0] = $1.1 }
            }
            #expect(answers.count == 100)
            #expect(!answers.values.contains(-1))
            #expect(Set(answers.values).count <= 3)
        }
    }

    @Test("who waits longer than the connection timeout is told so, and the connection is not harmed")
    func timeOut() async throws {
        try await withPool(maximum: 1, timeout: .milliseconds(500)) { pool async throws in
            // To connect may take longer than that on a busy machine.
            var lent: PostgresConnection?
            #expect(
                await eventually {
                    lent = try? await pool.lease()
                    return lent != nil
                })
            let held = try #require(lent)
            #expect(await postgresError { try await pool.execute("SELECT 1") } == .poolTimeout)
            pool.giveBack(held)
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("who is cancelled while waiting leaves the queue")
    func cancelledWhileWaiting() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let held = try await pool.lease()
            let waiter = Task { try await pool.execute("SELECT 1") }
            #expect(await eventually { pool.state.withLock { !$0.waiting.isEmpty } })
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
            pool.giveBack(held)
            #expect(pool.state.withLock { $0.machine.idle.count } == 1)
        }
    }

    @Test("a task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        try await withPool { pool async throws in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await pool.execute("SELECT 1")
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(pool.state.withLock { $0.machine.connections.isEmpty })
        }
    }

    @Test("a cancelled statement is stopped in the server, and its connection never lent again")
    func cancelledStatement() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            let error = try await cancelWhileSleeping(pool, url) { try await pool.execute("SELECT pg_sleep(3600)") }
            #expect(error is CancellationError)
        }
    }

    @Test("a statement past its deadline ends as a cancelled one does")
    func deadline() async throws {
        try await withPool(maximum: 1) { pool async throws in
            await #expect(throws: DeadlineExceeded.self) {
                try await withDeadline(.milliseconds(50), on: pool.loop) {
                    _ = try await pool.execute("SELECT pg_sleep(3600)")
                }
            }
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("a connection that the server ended is replaced, without anybody noticing, if it was free")
    func endedWhileFree() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            try await withPool(url, maximum: 1) { other async throws in
                let process = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
                try await other.execute("SELECT pg_terminate_backend(\(process)::int, 10000)")
                let next = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
                #expect(next != process)
            }
        }
    }

    @Test("a statement whose connection the server ends throws, and the next one succeeds")
    func endedWhileUsed() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let error = await postgresError {
                try await pool.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            }
            #expect(error?.kind == .connection)
            #expect(error?.sqlState == "57P01")
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("the minimum is opened before anybody asks")
    func minimum() async throws {
        try await withPool(minimum: 2) { pool async throws in
            #expect(await eventually { pool.state.withLock { $0.machine.idle.count } == 2 })
        }
    }

    @Test("a closed pool refuses, also who waits already")
    func closed() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let held = try await pool.lease()
            let waiter = Task { try await pool.execute("SELECT 1") }
            #expect(await eventually { pool.state.withLock { !$0.waiting.isEmpty } })
            pool.close()
            #expect(await postgresError { _ = try await waiter.value } == .closed)
            #expect(await postgresError { try await pool.execute("SELECT 1") } == .closed)
            pool.giveBack(held)
            #expect(await eventually { held.handle == nil })
        }
    }
}
