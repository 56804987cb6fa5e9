import Synchronization
import TestSupport
import Testing

@testable import Postgres

/// Many statements of two users over few connections, every other one of them cancelled.
@Suite(.timeLimit(.minutes(3))) struct CancellationTests {
    /// A row says whose it is, and which statement it answers.
    private struct Row: Decodable, Sendable {
        var owner: String
        var secret: String
        var asked: Int
        var process: Int
    }

    private struct Counts {
        var cancelled = 0
        /// Connections that have served somebody before.
        var processes: Set<Int> = []
        var onReused = 0
        var wrong: [String] = []
    }

    /// What all callers have seen.
    private final class Record: Sendable {
        let counts = Mutex(Counts())
        private let lastNumber = Mutex(0)

        /// A number that no other statement has.
        func number() -> Int {
            lastNumber.withLock { last in
                last += 1
                return last
            }
        }

        func succeeded(_ rows: [Row], of user: String, asked: Int) {
            counts.withLock { counts in
                for row in rows where row.owner != user || row.secret != "secret of \(user)" || row.asked != asked {
                    counts.wrong.append("\(user) asked \(asked) and got \(row)")
                }
                guard let process = rows.first?.process else {
                    counts.wrong.append("\(user) asked \(asked) and got nothing")
                    return
                }
                if !counts.processes.insert(process).inserted { counts.onReused += 1 }
            }
        }
    }

    private static let users = ["ada", "bob"]

    @Test(
        "of 500 cancelled statements of two users, between more that succeed on the same four connections, no row reaches the wrong one"
    )
    func interleaved() async throws {
        let record = Record()
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 4) { pool async throws in
            try await pool.execute("CREATE TABLE secrets (owner text, secret text)")
            try await pool.execute(
                "INSERT INTO secrets SELECT u, 'secret of ' || u FROM unnest(\(Self.users)::text[]) AS u")
            // Counts the statements that the server has begun to run, also those that it then gave up.
            try await pool.execute("CREATE SEQUENCE begun")

            // Three at most are about to be cancelled at any time, so that the fourth connection serves the others.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for driver in 0..<3 {
                    group.addTask {
                        var random = SplitMix(state: UInt64(driver))
                        while try await Self.begun(pool) < 500 || record.counts.withLock({ $0.cancelled < 500 }) {
                            try await Self.round(pool, record, &random)
                        }
                    }
                }
                try await group.waitForAll()
            }
            // The pool is as it should be, and has no more than its four.
            for user in Self.users { try await Self.ask(pool, record, user) }
            #expect(pool.state.withLock { $0.machine.connections.count } <= 4)
        }
        record.counts.withLock { counts in
            #expect(counts.wrong.isEmpty, "\(counts.wrong.prefix(3))")
            #expect(counts.cancelled >= 500)
            #expect(counts.onReused >= 500)
            // What was cancelled had a connection of its own, which nobody got after it.
            #expect(counts.processes.count > 100)
        }
    }

    private static func begun(_ pool: PostgresPool) async throws -> Int {
        try await pool.queryOne("SELECT last_value FROM begun", as: Int.self) ?? 0
    }

    /// One user's statement is cancelled while both users' others run.
    private static func round(_ pool: PostgresPool, _ record: Record, _ random: inout SplitMix) async throws {
        let user = users.randomElement(using: &random) ?? ""
        let asked = record.number()
        // One that waits, or one whose many rows are on their way when the task is cancelled.
        let sql: SQL =
            Bool.random(using: &random)
            ? """
            SELECT owner, secret, \(asked) AS asked, pg_backend_pid() AS process, nextval('begun'), pg_sleep(3600)
            FROM secrets WHERE owner = \(user)
            """
            : """
            SELECT owner, secret, \(asked) AS asked, pg_backend_pid() AS process,
                CASE WHEN n = 1 THEN nextval('begun') END, repeat('x', 200)
            FROM secrets CROSS JOIN generate_series(1, 20000) AS n WHERE owner = \(user)
            """
        let doomed = Task { try await pool.query(sql, as: Row.self) }
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            try await ask(pool, record, users.randomElement(using: &random) ?? "")
        }
        doomed.cancel()
        switch await doomed.result {
        case .success(let rows): record.succeeded(rows, of: user, asked: asked)
        case .failure(is CancellationError): record.counts.withLock { $0.cancelled += 1 }
        case .failure(let error): throw error
        }
        try await ask(pool, record, users.randomElement(using: &random) ?? "")
    }

    /// A statement that nobody cancels.
    private static func ask(_ pool: PostgresPool, _ record: Record, _ user: String) async throws {
        let asked = record.number()
        let rows = try await pool.query(
            """
            SELECT owner, secret, \(asked) AS asked, pg_backend_pid() AS process FROM secrets WHERE owner = \(user)
            """, as: Row.self)
        #expect(rows.count == 1)
        record.succeeded(rows, of: user, asked: asked)
    }
}
