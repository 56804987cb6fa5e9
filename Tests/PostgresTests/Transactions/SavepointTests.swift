import Testing

@testable import Postgres

@Suite struct SavepointTests {
    typealias Refusal = TransactionTests.Refusal

    @Test("a nested transaction that throws is undone alone")
    func undoneAlone() async throws {
        try await TransactionTests.withAccounts { pool async throws in
            try await pool.transaction { tx in
                try await tx.execute("UPDATE accounts SET balance = 1 WHERE id = 1")
                await #expect(throws: Refusal()) {
                    try await tx.transaction { inner in
                        try await inner.execute("UPDATE accounts SET balance = 2 WHERE id = 2")
                        throw Refusal()
                    }
                }
                try await tx.transaction { inner in
                    try await inner.execute("UPDATE accounts SET balance = 3 WHERE id = 3")
                }
            }
            #expect(try await TransactionTests.balances(pool) == [1, 100, 3])
        }
    }

    @Test("a statement that fails within a nested transaction does no harm around it, passed over or not")
    func failing() async throws {
        try await TransactionTests.withAccounts { pool async throws in
            try await pool.transaction { tx in
                let thrown = await postgresError {
                    _ = try await tx.transaction { try await $0.execute("SELECT 1 / 0") }
                }
                #expect(thrown?.sqlState == "22012")
                let passedOver = await postgresError {
                    try await tx.transaction { inner in
                        try await inner.execute("DELETE FROM accounts")
                        _ = try? await inner.execute("SELECT nothing")
                    }
                }
                #expect(passedOver?.sqlState == "42703")
                try await tx.execute("UPDATE accounts SET balance = 9 WHERE id = 1")
            }
            #expect(try await TransactionTests.balances(pool) == [9, 100, 100])
        }
    }

    @Test("three levels deep, each is undone to its own beginning")
    func deep() async throws {
        try await TransactionTests.withAccounts { pool async throws in
            try await pool.transaction { tx in
                try await tx.transaction { second in
                    try await second.execute("UPDATE accounts SET balance = 2 WHERE id = 2")
                    _ = try? await second.transaction { third in
                        try await third.execute("UPDATE accounts SET balance = 3")
                        throw Refusal()
                    }
                    #expect(try await TransactionTests.balances(second) == [100, 2, 100])
                }
            }
            #expect(try await TransactionTests.balances(pool) == [100, 2, 100])
        }
    }

    @Test("while a nested transaction is open, the one around it is refused")
    func outerRefused() async throws {
        try await TransactionTests.withAccounts { pool async throws in
            try await pool.transaction { tx in
                try await tx.transaction { inner async throws in
                    #expect(await postgresError { try await tx.execute("SELECT 1") }?.kind == .statement)
                    #expect(try await inner.queryOne("SELECT 1", as: Int.self) == 1)
                }
                #expect(try await tx.queryOne("SELECT 1", as: Int.self) == 1)
            }
        }
    }
}
