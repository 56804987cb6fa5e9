import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite struct RowStreamTests {
    private struct Row: Decodable, Sendable {
        var n: Int
        var x: String
    }

    /// A row that counts how many of its kind there are.
    private final class Counted: Decodable, Sendable {
        static let live = Atomic<Int>(0)
        let n: Int
        let x: String

        enum CodingKeys: CodingKey { case n, x }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            n = try container.decode(Int.self, forKey: .n)
            x = try container.decode(String.self, forKey: .x)
            Self.live.add(1, ordering: .relaxed)
        }

        deinit { Self.live.subtract(1, ordering: .relaxed) }
    }

    @Test("rows come one by one, in their order, and the connection is lent again")
    func order() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            for count in [0, 1, 63, 64, 65, 5000] {
                var numbers: [Int] = []
                let rows = pool.rows("SELECT generate_series(1, \(count)) AS n", as: Int.self)
                for try await n in rows { numbers.append(n) }
                #expect(numbers == Array(1..<(count + 1)))
                numbers = try await rows.reduce(into: []) { $0.append($1) }
                #expect(numbers.count == count)
            }
            for try await _ in pool.rows("SET LOCAL application_name = 'x'", as: Int.self) {
                Issue.record("SET has no rows")
            }
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == before)
        }
    }

    @Test("nothing is sent before the first row is asked for")
    func lazy() async throws {
        try await withPool { pool async throws in
            let rows = pool.rows("SELECT 1", as: Int.self)
            var iterator = rows.makeAsyncIterator()
            #expect(pool.state.withLock { $0.machine.connections.isEmpty })
            #expect(try await iterator.next() == 1)
            #expect(try await iterator.next() == nil)
            #expect(try await iterator.next() == nil)
        }
    }

    @Test("a million rows pass without being held")
    func memory() async throws {
        try await withPool(maximum: 1) { pool async throws in
            // Of the 400 MB no more are here than what is decoded at once; what is not decoded stays at the server, as the
            // next test shows. The process's memory would tell of the other tests too.
            var most = 0
            var count = 0
            var sum = 0
            let rows = pool.rows(
                "SELECT generate_series(1, 1000000) AS n, repeat('x', 400) AS x", as: Counted.self)
            for try await row in rows {
                count += 1
                sum += row.n
                most = max(most, Counted.live.load(ordering: .relaxed))
            }
            #expect(count == 1_000_000)
            #expect(sum == 500_000_500_000)
            #expect(most <= 65)
            #expect(Counted.live.load(ordering: .relaxed) == 0)
        }
    }

    @Test("a reader that is slow holds the server back")
    func backpressure() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            try await withPool(url, maximum: 1) { watcher async throws in
                let rows = pool.rows(
                    "SELECT generate_series(1, 100000) AS n, repeat('x', 1000) AS x", as: Row.self)
                var iterator = rows.makeAsyncIterator()
                #expect(try await iterator.next()?.n == 1)
                let waits = try await eventually {
                    try await watcher.queryOne(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientWrite' AND datname = current_database()",
                        as: Int.self) == 1
                }
                #expect(waits)
                var count = 1
                while try await iterator.next() != nil { count += 1 }
                #expect(count == 100_000)
            }
        }
    }

    @Test("a loop that is left early stops the server, and its connection is never lent again")
    func leftEarly() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            try await withPool(url, maximum: 1) { watcher async throws in
                let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
                for try await n in pool.rows("SELECT generate_series(1, 100000000)", as: Int.self)
                where n == 100 {
                    break
                }
                #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) != before)
                #expect(
                    try await eventually {
                        try await watcher.query(
                            "SELECT 1 FROM pg_stat_activity WHERE pid = \(before ?? 0)", as: Int.self
                        ).isEmpty
                    })
            }
        }
    }

    @Test("a loop that is left early when all rows have come leaves the connection as it was")
    func leftEarlyAtTheEnd() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            var iterator: PostgresRows<Int>.AsyncIterator? = pool.rows(
                "SELECT n FROM generate_series(1, 100) n", as: Int.self
            ).makeAsyncIterator()
            #expect(try await iterator?.next() == 1)
            iterator = nil
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == before)
        }
    }

    @Test("an error of the server comes behind the rows before it, and the connection goes on")
    func serverError() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            var count = 0
            let error = await postgresError {
                for try await _ in pool.rows(
                    "SELECT 1 / (n - 1000) FROM generate_series(1, 2000) n", as: Int.self)
                {
                    count += 1
                }
            }
            #expect(count == 999)
            #expect(error?.sqlState == "22012")
            #expect(
                await postgresError { for try await _ in pool.rows("SELEC", as: Int.self) {} }?.sqlState == .syntaxError
            )
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == before)
        }
    }

    @Test("a row that does not fit comes behind the rows before it, and ends the statement")
    func decodingError() async throws {
        try await withPool(maximum: 1) { pool async throws in
            var count = 0
            let error = await postgresError {
                for try await _ in pool.rows(
                    "SELECT nullif(generate_series(1, 100000000), 100)", as: Int.self)
                {
                    count += 1
                }
            }
            #expect(count == 99)
            #expect(error?.kind == .decoding)
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("a cancelled loop ends, and its connection is never lent again")
    func cancelled() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            let task = Task {
                let rows = pool.rows("SELECT generate_series(1, 100000000)", as: Int.self)
                for try await n in rows where n == 3 { withUnsafeCurrentTask { $0?.cancel() } }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) != before)
        }
    }

    @Test("a loop that is cancelled while it waits for a row ends, and its connection is never lent again")
    func cancelledWhileWaiting() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            let error = try await cancelWhileSleeping(pool, url) {
                for try await _ in pool.rows("SELECT 1 FROM pg_sleep(3600)", as: Int.self) {}
            }
            #expect(error is CancellationError)
        }
    }

    @Test(
        "a statement that leaves something open is refused, and its connection closed",
        arguments: ["BEGIN", "COPY pg_class TO STDOUT", "COPY pg_class FROM STDIN"])
    func leftOpen(statement: String) async throws {
        try await withPool(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            let error = await postgresError {
                for try await _ in pool.rows("\(unsafe: statement)", as: Int.self) {}
            }
            #expect(error?.kind == .statement)
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) != before)
        }
    }

    @Test("within a transaction other statements run between the rows, and the loop may be left")
    func withinTransaction() async throws {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 1) { pool async throws in
            try await pool.execute("CREATE TABLE t (id int)")
            try await pool.transaction { transaction in
                for try await n in transaction.rows("SELECT generate_series(1, \(200))", as: Int.self) {
                    try await transaction.execute("INSERT INTO t VALUES (\(n))")
                }
                for try await n in transaction.rows("SELECT id FROM t ORDER BY id", as: Int.self) where n == 5 { break }
                try await transaction.execute("INSERT INTO t VALUES (0)")
            }
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 201)
            let error = await postgresError {
                try await pool.transaction { transaction in
                    for try await _ in transaction.rows("SELECT 1 / 0", as: Int.self) {}
                }
            }
            #expect(error?.sqlState == "22012")
        }
    }
}
