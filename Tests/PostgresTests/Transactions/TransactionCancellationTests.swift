import TestSupport
import Testing
import WorkerLoop

@testable import Postgres

@Suite struct TransactionCancellationTests {
    @Test("a transaction that is cancelled during a statement leaves nothing behind, and its connection is closed")
    func duringStatement() async throws {
        try await TransactionTests.withAccounts(maximum: 2) { pool async throws in
            let task = Task {
                try await pool.transaction { tx in
                    try await tx.execute("DELETE FROM accounts")
                    try await tx.execute("SELECT pg_sleep(3600)")
                }
            }
            let running: SQL =
                "SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)' AND datname = current_database()"
            #expect(try await eventually { try await !pool.query(running, as: Int.self).isEmpty })
            let process = try await pool.queryOne(running, as: Int.self)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(
                try await eventually {
                    try await pool.query("SELECT 1 FROM pg_stat_activity WHERE pid = \(process)", as: Int.self).isEmpty
                })
            #expect(try await TransactionTests.balances(pool) == [100, 100, 100])
        }
    }

    @Test("a transaction that is cancelled between statements is rolled back, and its connection is lent again")
    func betweenStatements() async throws {
        try await TransactionTests.withAccounts(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            let task = Task {
                try await pool.transaction { tx in
                    try await tx.execute("DELETE FROM accounts")
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await tx.execute("SELECT 1")
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await TransactionTests.balances(pool) == [100, 100, 100])
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == before)
        }
    }

    @Test("a closure that returns though its task is cancelled is not committed")
    func beforeCommit() async throws {
        try await TransactionTests.withAccounts(maximum: 1) { pool async throws in
            let task = Task {
                try await pool.transaction { tx in
                    try await tx.execute("DELETE FROM accounts")
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await TransactionTests.balances(pool) == [100, 100, 100])
        }
    }

    @Test("a connection that breaks within a transaction is thrown as that, and never lent again")
    func broken() async throws {
        try await TransactionTests.withAccounts(maximum: 1) { pool async throws in
            let error = await postgresError {
                try await pool.transaction { tx in
                    try await tx.execute("DELETE FROM accounts")
                    _ = try? await tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
            #expect(error?.kind == .connection)
            #expect(try await TransactionTests.balances(pool) == [100, 100, 100])
        }
    }

    @Test("a statement that escaped from the closure does not keep the transaction from ending")
    func escapedStatement() async throws {
        try await TransactionTests.withAccounts(maximum: 2) { pool async throws in
            let running: SQL =
                "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)' AND datname = current_database()"
            var escaped: Task<Int, any Error>?
            await #expect(throws: TransactionTests.Refusal()) {
                try await pool.transaction { tx in
                    escaped = Task { try await tx.execute("SELECT pg_sleep(3600)") }
                    #expect(try await eventually { try await !pool.query(running, as: Int.self).isEmpty })
                    throw TransactionTests.Refusal()
                }
            }
            let task = escaped
            #expect(await postgresError { _ = try await task?.value }?.kind == .connection)
            #expect(try await TransactionTests.balances(pool) == [100, 100, 100])
        }
    }
}
