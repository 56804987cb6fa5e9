import TestSupport
import Testing
import WorkerLoop

@testable import Postgres

@Suite struct TransactionTests {
    struct Refusal: Error, Equatable {}

    /// A pool on a database of its own, with a table of numbered accounts.
    static func withAccounts(
        maximum: Int = 4, _ body: @Sendable (PostgresPool) async throws -> Void
    ) async throws {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: maximum) {
            pool async throws in
            try await pool.execute(
                "CREATE TABLE accounts (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, balance int NOT NULL)"
            )
            try await pool.execute("INSERT INTO accounts SELECT n, 100 FROM generate_series(1, 3) n")
            try await body(pool)
        }
    }

    static func balances(_ session: some PostgresSession) async throws -> [Int] {
        try await session.query("SELECT balance FROM accounts ORDER BY id")
    }

    @Test("what a closure did is committed when it returns, and its value is the transaction's")
    func commits() async throws {
        try await Self.withAccounts(maximum: 1) { pool async throws in
            let seen = try await pool.transaction { tx in
                try await tx.execute("UPDATE accounts SET balance = balance - 30 WHERE id = 1")
                try await tx.execute("UPDATE accounts SET balance = balance + 30 WHERE id = 2")
                return try await Self.balances(tx)
            }
            #expect(seen == [70, 130, 100])
            #expect(try await Self.balances(pool) == [70, 130, 100])
        }
    }

    @Test("a closure that throws leaves nothing behind, and its connection goes on")
    func rollsBack() async throws {
        try await Self.withAccounts(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            await #expect(throws: Refusal()) {
                try await pool.transaction { tx in
                    try await tx.execute("DELETE FROM accounts")
                    throw Refusal()
                }
            }
            #expect(try await Self.balances(pool) == [100, 100, 100])
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == before)
        }
    }

    @Test("a statement's error that the closure passes over still ends the transaction, and is thrown")
    func swallowed() async throws {
        try await Self.withAccounts(maximum: 1) { pool async throws in
            let error = await postgresError {
                try await pool.transaction { tx in
                    try await tx.execute("DELETE FROM accounts")
                    _ = try? await tx.execute("SELECT 1 / 0")
                }
            }
            #expect(error?.sqlState == "22012")
            #expect(try await Self.balances(pool) == [100, 100, 100])
        }
    }

    @Test("a savepoint's failure that outlasts the closure around it is no silent end without the changes")
    func unseenFailure() async throws {
        try await Self.withAccounts(maximum: 1) { pool async throws in
            let failed = Tally()
            let ended = Tally()
            let escaped = Tally()
            let error = await postgresError {
                try await pool.transaction { tx in
                    try await tx.execute("UPDATE accounts SET balance = 0 WHERE id = 1")
                    Task {
                        try? await tx.transaction { inner in
                            _ = try? await inner.execute("SELECT 1 / 0")
                            failed.add()
                            _ = await eventually { ended.count == 1 }
                        }
                        escaped.add()
                    }
                    _ = await eventually { failed.count == 1 }
                }
            }
            #expect(error?.kind == .statement)
            // Its end, which comes when somebody else has the connection, does that one no harm.
            try await pool.transaction { tx in
                #expect(try await Self.balances(tx) == [100, 100, 100])
                ended.add()
                #expect(await eventually { escaped.count == 1 })
                try await tx.execute("UPDATE accounts SET balance = 1 WHERE id = 3")
            }
            #expect(try await Self.balances(pool) == [100, 100, 1])
        }
    }

    @Test("COMMIT's own failure is thrown")
    func commitFails() async throws {
        try await Self.withAccounts(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            let error = await postgresError {
                _ = try await pool.transaction { tx in
                    // The key is checked by COMMIT only.
                    try await tx.execute("INSERT INTO accounts VALUES (1, 5)")
                }
            }
            #expect(error?.sqlState == .uniqueViolation)
            #expect(try await Self.balances(pool) == [100, 100, 100])
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == before)
        }
    }

    @Test("a transaction that only reads may not write")
    func readOnly() async throws {
        try await Self.withAccounts { pool async throws in
            let error = await postgresError {
                _ = try await pool.transaction(isReadOnly: true) { try await $0.execute("DELETE FROM accounts") }
            }
            #expect(error?.sqlState == "25006")
        }
    }

    @Test(
        "the isolation is the one that was asked for",
        arguments: [
            (TransactionIsolation.readCommitted, "read committed"), (.repeatableRead, "repeatable read"),
            (.serializable, "serializable"),
        ])
    func isolation(isolation: TransactionIsolation, name: String) async throws {
        try await withPool { pool async throws in
            for isReadOnly in [false, true] {
                let found = try await pool.transaction(isolation: isolation, isReadOnly: isReadOnly) { tx in
                    try await tx.queryOne(
                        "SELECT current_setting('transaction_isolation') || current_setting('transaction_read_only')",
                        as: String.self)
                }
                #expect(found == name + (isReadOnly ? "on" : "off"))
            }
        }
    }

    @Test("what goes to the pool meanwhile is no part of the transaction")
    func poolWithin() async throws {
        try await Self.withAccounts(maximum: 2) { pool async throws in
            await #expect(throws: Refusal()) {
                try await pool.transaction { tx in
                    try await tx.execute("UPDATE accounts SET balance = 0 WHERE id = 1")
                    #expect(try await Self.balances(pool) == [100, 100, 100])
                    try await pool.execute("UPDATE accounts SET balance = 7 WHERE id = 2")
                    throw Refusal()
                }
            }
            #expect(try await Self.balances(pool) == [100, 7, 100])
        }
    }

    @Test("statements sent at once run in turn")
    func inTurn() async throws {
        try await Self.withAccounts { pool async throws in
            let sum = try await pool.transaction { tx in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 1...50 {
                        group.addTask { try await tx.queryOne("SELECT \(number)", as: Int.self) ?? 0 }
                    }
                    return try await group.reduce(0, +)
                }
            }
            #expect(sum == 1275)
        }
    }

    @Test("a transaction that got out of its closure can no longer be used")
    func escaped() async throws {
        try await Self.withAccounts { pool async throws in
            let escaped = try await pool.transaction { $0 }
            #expect(await postgresError { try await escaped.execute("DELETE FROM accounts") }?.kind == .statement)
            #expect(try await Self.balances(pool) == [100, 100, 100])
        }
    }

    @Test(
        "what would end the transaction within it, or begin one, is refused, and nothing is kept",
        arguments: [
            "COMMIT", "ROLLBACK", "COMMIT AND CHAIN", "/* note */ ROLLBACK AND CHAIN", "END", "ABORT", "BEGIN",
            "START TRANSACTION", "PREPARE TRANSACTION 'x'",
        ])
    func endedByHand(statement: String) async throws {
        try await Self.withAccounts(maximum: 1) { pool async throws in
            for asBatch in [false, true] {
                let error = await postgresError {
                    try await pool.transaction { tx in
                        try await tx.execute("DELETE FROM accounts")
                        if asBatch {
                            _ = try? await tx.batch(["SELECT 1", "\(unsafe: statement)", "BEGIN", "SELECT 1 / 0"])
                        } else {
                            _ = try? await tx.execute("\(unsafe: statement)")
                        }
                        _ = try? await tx.execute("UPDATE accounts SET balance = 0")
                    }
                }
                #expect(error?.kind == .statement)
                #expect(try await Self.balances(pool) == [100, 100, 100])
            }
        }
    }

    @Test("savepoints by hand are no end of the transaction")
    func savepointsByHand() async throws {
        try await Self.withAccounts(maximum: 1) { pool async throws in
            try await pool.transaction { tx in
                try await tx.execute("SAVEPOINT mine")
                try await tx.execute("DELETE FROM accounts")
                try await tx.execute("ROLLBACK TO SAVEPOINT mine")
                try await tx.batch(["UPDATE accounts SET balance = 0", "ROLLBACK /* all of it */ TRANSACTION TO mine"])
                try await tx.execute("UPDATE accounts SET balance = 9 WHERE id = 1")
            }
            let balances = try await Self.balances(pool)
            #expect(balances == [9, 100, 100])
        }
    }
}
