import TestSupport
import Testing
import WorkerLoop

@testable import Postgres

@Suite struct TransactionRetryTests {
    @Test("increments that collide are all made, when they are retried")
    func serialisation() async throws {
        try await TransactionTests.withAccounts(maximum: 4) { pool async throws in
            let runs = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await pool.transaction(isolation: .serializable, retries: 50) { tx in
                            runs.add()
                            let old = try await tx.queryOne("SELECT balance FROM accounts WHERE id = 1", as: Int.self)
                            try await tx.execute("UPDATE accounts SET balance = \((old ?? 0) + 1) WHERE id = 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(runs.count >= 8)
            #expect(try await TransactionTests.balances(pool) == [108, 100, 100])
        }
    }

    /// Makes one attempt fail with 40001: another transaction changes the row that this one has seen.
    private static func disturbed(_ pool: PostgresPool, _ tx: PostgresTransaction) async throws {
        _ = try await tx.queryOne("SELECT balance FROM accounts WHERE id = 1", as: Int.self)
        try await pool.execute("UPDATE accounts SET balance = balance + 1 WHERE id = 1")
        try await tx.execute("UPDATE accounts SET balance = balance + 10 WHERE id = 1")
    }

    @Test("without retries a serialisation failure is thrown")
    func notAsked() async throws {
        try await TransactionTests.withAccounts { pool async throws in
            let error = await postgresError {
                try await pool.transaction(isolation: .repeatableRead) { try await Self.disturbed(pool, $0) }
            }
            #expect(error?.sqlState == .serializationFailure)
        }
    }

    @Test("the closure runs once more for each retry, and the last failure is thrown", arguments: [0, 1, 3])
    func counted(retries: Int) async throws {
        try await TransactionTests.withAccounts { pool async throws in
            var runs = 0
            let error = await postgresError {
                try await pool.transaction(isolation: .repeatableRead, retries: retries) { tx in
                    runs += 1
                    try await Self.disturbed(pool, tx)
                }
            }
            #expect(error?.sqlState == .serializationFailure)
            #expect(runs == retries + 1)
        }
    }

    @Test("a failure that the closure turned into another error is retried all the same")
    func disguised() async throws {
        try await TransactionTests.withAccounts { pool async throws in
            var runs = 0
            try await pool.transaction(isolation: .repeatableRead, retries: 2) { tx in
                runs += 1
                if runs > 1 { return }
                do { try await Self.disturbed(pool, tx) } catch { throw TransactionTests.Refusal() }
            }
            #expect(runs == 2)
        }
    }

    @Test("other errors are not retried")
    func others() async throws {
        try await withPool { pool async throws in
            var runs = 0
            let error = await postgresError {
                try await pool.transaction(retries: 5) { tx in
                    runs += 1
                    try await tx.execute("SELECT 1 / 0")
                }
            }
            #expect(error?.sqlState == "22012")
            #expect(runs == 1)
        }
    }

    @Test("of two transactions in a deadlock one is ended by the server, and succeeds when it is retried")
    func deadlock() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url) { pool async throws in
            try await pool.execute("CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL)")
            try await pool.execute("INSERT INTO accounts VALUES (1, 0), (2, 0)")
            let locked = Tally()
            let runs = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(1, 2), (2, 1)] {
                    group.addTask {
                        try await pool.transaction(retries: 5) { tx in
                            runs.add()
                            try await tx.execute("SET LOCAL deadlock_timeout = '20ms'")
                            try await tx.execute("UPDATE accounts SET balance = balance + 1 WHERE id = \(first)")
                            locked.add()
                            _ = await eventually { locked.count >= 2 }
                            try await tx.execute("UPDATE accounts SET balance = balance + 1 WHERE id = \(second)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(runs.count >= 3)
            #expect(try await TransactionTests.balances(pool) == [2, 2])
        }
    }

    @Test("pauses lie between half of their ceiling and all of it, which doubles up to half a second")
    func pauses() {
        var random = SplitMix(state: 7)
        var backoff = RetryBackoff()
        for ceiling in [10, 20, 40, 80, 160, 320, 500, 500] {
            let pause = backoff.next(using: &random)
            #expect(pause >= .milliseconds(ceiling) / 2 && pause <= .milliseconds(ceiling))
        }
    }
}
