import TestSupport
import Testing

@testable import Postgres

@Suite struct StatementTests {
    @Test(
        "what is bound is data, whatever it looks like",
        arguments: [
            "'; DROP TABLE pg_class; --", "\\'; SELECT 1; --", "' OR ''='", "$1", "%", "\u{2019}; --",
            "/* */", "E'\\047'",
        ])
    func injection(text: String) async throws {
        try await withPool { pool async throws in
            #expect(try await pool.queryOne("SELECT \(text)::text", as: String.self) == text)
            #expect(
                try await pool.queryOne(
                    "SELECT count(*) FROM (SELECT 'x' AS a) t WHERE a = \(text)", as: Int.self) == 0)
            let name = try await pool.queryOne(
                "SELECT column_name FROM (SELECT 1 AS \(identifier: text)) t, LATERAL (SELECT json_object_keys(row_to_json(t)) AS column_name) k",
                as: String.self)
            #expect(name == text)
        }
    }

    @Test("two statements in one are refused")
    func twoStatements() async throws {
        try await withPool { pool async throws in
            let error = await postgresError { try await pool.execute("SELECT 1; SELECT 2") }
            #expect(error?.sqlState == .syntaxError)
        }
    }

    @Test("the number of rows that a statement touched is told")
    func affected() async throws {
        try await withPool(try PostgresServer.shared().makeDatabase()) { pool async throws in
            #expect(try await pool.execute("CREATE TABLE t (id int PRIMARY KEY, name text)") == 0)
            #expect(try await pool.execute("INSERT INTO t SELECT n, 'x' FROM generate_series(1, 5) n") == 5)
            #expect(try await pool.execute("UPDATE t SET name = \("y") WHERE id <= \(3)") == 3)
            #expect(try await pool.execute("DELETE FROM t WHERE name = \("y")") == 3)
            #expect(
                try await pool.query("UPDATE t SET name = 'z' RETURNING id", as: Int.self).sorted() == [4, 5])
            #expect(try await pool.execute("") == 0)
        }
    }

    @Test("errors carry the server's code, and its words")
    func errors() async throws {
        try await withPool(try PostgresServer.shared().makeDatabase()) { pool async throws in
            try await pool.execute(
                "CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL CONSTRAINT t_name CHECK (name <> ''))"
            )
            try await pool.execute("INSERT INTO t VALUES (1, 'a')")
            let cases: [(SQL, SQLState)] = [
                ("INSERT INTO t VALUES (1, 'b')", .uniqueViolation),
                ("INSERT INTO t VALUES (2, NULL)", .notNullViolation),
                ("INSERT INTO t VALUES (2, '')", .checkViolation), ("SELECT * FROM nowhere", .undefinedTable),
                ("SELEC 1", .syntaxError), ("SELECT \("x")::int", .invalidTextRepresentation),
                ("SELECT 1 / 0", "22012"),
                ("SELECT \(nil as String?) IS NULL", "42P18"),
            ]
            for (statement, state) in cases {
                let error = await postgresError { try await pool.execute(statement) }
                #expect(error?.sqlState == state)
                #expect(error?.kind == .server)
                #expect(error?.message.isEmpty == false)
            }
            let doubled = await postgresError { try await pool.execute("INSERT INTO t VALUES (1, 'b')") }
            #expect(doubled?.constraint == "t_pkey")
            #expect(doubled?.table == "t")
            #expect(doubled?.detail == "Key (id)=(1) already exists.")
            #expect(
                await postgresError { try await pool.execute("INSERT INTO t VALUES (3, NULL)") }?.column
                    == "name")
            #expect(await postgresError { try await pool.execute("SELECT nothing") }?.position == 8)
        }
    }

    @Test("after an error the connection goes on")
    func afterError() async throws {
        try await withPool(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            #expect(await postgresError { try await pool.execute("SELECT 1 / 0") } != nil)
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == before)
        }
    }

    @Test(
        "a statement that leaves something open is refused, and its connection closed",
        arguments: ["BEGIN", "COPY pg_class TO STDOUT", "COPY pg_class FROM STDIN"])
    func leftOpen(statement: String) async throws {
        try await withPool(maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            let error = await postgresError { try await pool.execute("\(unsafe: statement)") }
            #expect(error?.kind == .statement)
            let after = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            #expect(after != before)
        }
    }

    @Test("statements and answers of many megabytes pass")
    func large() async throws {
        try await withPool { pool async throws in
            let text = String(repeating: "0123456789abcdef", count: 1 << 19)
            #expect(try await pool.queryOne("SELECT \(text)::text", as: String.self) == text)
            #expect(
                try await pool.query("SELECT n FROM generate_series(1, 200000) n", as: Int.self).last
                    == 200_000)
        }
    }

    @Test("too many parameters are refused before anything is sent")
    func tooMany() async throws {
        var sql: SQL = "SELECT 1 WHERE 1 IN (0"
        for number in 0..<65_536 { sql.append(", \(number)") }
        sql.append(")")
        let statement = sql
        try await withPool { pool async throws in
            #expect(await postgresError { try await pool.execute(statement) }?.kind == .statement)
        }
    }
}
