import TestSupport
import Testing

@testable import Postgres

@Suite struct BatchTests {
    @Test("a batch's results come in the order of its statements")
    func order() async throws {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 1) { pool async throws in
            let results = try await pool.batch([
                "CREATE TABLE t (id int)", "INSERT INTO t SELECT generate_series(1, \(3)::int)",
                "SELECT id FROM t ORDER BY id", "SELECT \("x")::text", "SELECT 1 WHERE false", "",
            ])
            #expect(results.map(\.affectedRows) == [0, 3, 3, 1, 0, 0])
            #expect(try results[2].rows(as: Int.self) == [1, 2, 3])
            #expect(try results[3].row(as: String.self) == "x")
            #expect(try results[4].row(as: Int.self) == nil)
            #expect(try await pool.batch([]).isEmpty)
        }
    }

    @Test("an error undoes the batch, says where it was, and leaves the connection as it was")
    func failure() async throws {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 1) { pool async throws in
            try await pool.execute("CREATE TABLE t (id int PRIMARY KEY)")
            let process = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            for _ in 0..<2 {
                let error = await postgresError {
                    _ = try await pool.batch([
                        "INSERT INTO t VALUES (\(1))", "INSERT INTO t VALUES (\(2))",
                        "INSERT INTO t VALUES (\(1))", "INSERT INTO t VALUES (\(3))", "SELECT * FROM nowhere",
                    ])
                }
                #expect(error?.sqlState == .uniqueViolation)
                #expect(error?.statementIndex == 2)
                #expect(error?.kind == .server)
            }
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 0)
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == process)
        }
    }

    @Test("a batch that cannot be sent says which statement it is, and sends nothing")
    func unsendable() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let error = await postgresError {
                _ = try await pool.batch(["SELECT 1", "SELECT \("\0")"])
            }
            #expect(error?.statementIndex == 1)
            #expect(error?.sqlState == "22021")
        }
    }

    @Test("a batch far larger than all buffers, both ways, passes")
    func large() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let filling = String(repeating: "x", count: 20_000)
            let results = try await pool.batch((0..<2000).map { "SELECT \($0) AS n, \(filling)::text AS x" })
            #expect(results.count == 2000)
            struct Row: Decodable {
                var n: Int
                var x: String
            }
            for (number, result) in results.enumerated() where number % 97 == 0 {
                let row = try result.row(as: Row.self)
                #expect(row?.n == number)
                #expect(row?.x == filling)
            }
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("an error early in a large batch ends it")
    func largeFailure() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let filling = String(repeating: "x", count: 20_000)
            let statements: [SQL] = (0..<2000).map { "SELECT 1 / (\($0)::int - 5), \(filling)::text" }
            let error = await postgresError { _ = try await pool.batch(statements) }
            #expect(error?.sqlState == "22012")
            #expect(error?.statementIndex == 5)
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("a batch with more statements than a connection keeps prepared passes")
    func manyTexts() async throws {
        let url = try PostgresServer.shared().url()
        try await withPool(url, maximum: 1, preparedStatements: 3) { pool async throws in
            for _ in 0..<2 {
                let results = try await pool.batch(
                    (0..<20).map { "SELECT \(unsafe: "\($0 % 7)") + \($0)" })
                let sums = try results.map { try $0.row(as: Int.self) }
                #expect(sums == (0..<20).map { $0 % 7 + $0 })
            }
            let count: SQL = .unprepared("SELECT count(*) FROM pg_prepared_statements")
            #expect(try await pool.queryOne(count, as: Int.self) == 3)
        }
    }

    @Test(
        "a batch that leaves something open is refused, and its connection closed",
        arguments: ["BEGIN", "COPY pg_class TO STDOUT", "COPY pg_class FROM STDIN"])
    func leftOpen(statement: String) async throws {
        try await withPool(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            let error = await postgresError {
                _ = try await pool.batch(["SELECT 1", "\(unsafe: statement)", "SELECT 2"])
            }
            #expect(error?.kind == .statement)
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) != before)
        }
    }

    @Test("a cancelled batch is stopped, and its connection never lent again")
    func cancelled() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            let error = try await cancelWhileSleeping(pool, url) {
                _ = try await pool.batch(["SELECT 1", "SELECT pg_sleep(3600)", "SELECT 2"])
            }
            #expect(error is CancellationError)
        }
    }

    @Test("a batch whose connection the server ends throws what the server said")
    func ended() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let error = await postgresError {
                _ = try await pool.batch(["SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 2"])
            }
            #expect(error?.kind == .connection)
            #expect(error?.sqlState == "57P01")
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("within a transaction a batch is part of it")
    func withinTransaction() async throws {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 1) { pool async throws in
            try await pool.execute("CREATE TABLE t (id int PRIMARY KEY)")
            try await pool.transaction { transaction in
                _ = try await transaction.batch(["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"])
            }
            #expect(try await pool.query("SELECT id FROM t ORDER BY id", as: Int.self) == [1, 2])
            let error = await postgresError {
                try await pool.transaction { transaction in
                    _ = try await transaction.batch(["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (2)"])
                }
            }
            #expect(error?.sqlState == .uniqueViolation)
            #expect(error?.statementIndex == 1)
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 2)
        }
    }
}
