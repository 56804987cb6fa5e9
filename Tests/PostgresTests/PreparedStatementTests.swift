import TestSupport
import Testing

@testable import Postgres

@Suite struct PreparedStatementTests {
    private static let prepared: SQL = .unprepared(
        "SELECT statement FROM pg_prepared_statements ORDER BY prepare_time, name")

    @Test("a statement is prepared when it is run first, and run by its name from then on")
    func once() async throws {
        try await withPool(maximum: 1) { pool async throws in
            for number in 0..<5 {
                #expect(try await pool.queryOne("SELECT \(number)::int + 1", as: Int.self) == number + 1)
            }
            #expect(try await pool.queryOne("SELECT \("7")::int + 1", as: Int.self) == 8)
            #expect(try await pool.execute(.unprepared("SELECT 1")) == 1)
            try await pool.execute("SET LOCAL application_name = 'x'")
            #expect(
                try await pool.query(Self.prepared, as: String.self)
                    == ["SELECT $1::int + 1", "SELECT $1::int + 1"])
        }
    }

    @Test("a statement that the server refuses is not kept")
    func refused() async throws {
        try await withPool(maximum: 1) { pool async throws in
            for _ in 0..<2 {
                let error = await postgresError { try await pool.execute("SELECT * FROM nowhere") }
                #expect(error?.sqlState == .undefinedTable)
                #expect(error?.statementIndex == nil)
            }
            #expect(try await pool.query(Self.prepared, as: String.self) == [])
        }
    }

    @Test("a connection keeps no more statements than it may, those used last")
    func bounded() async throws {
        try await withPool(maximum: 1) { pool async throws in
            for round in 0..<2 {
                for number in 0..<150 {
                    let value = try await pool.queryOne(
                        "SELECT \(round) + \(unsafe: "\(number)")", as: Int.self)
                    #expect(value == round + number)
                }
            }
            let kept = try await pool.query(Self.prepared, as: String.self)
            #expect(kept == (50..<150).map { "SELECT $1 + \($0)" })
        }
    }

    @Test("nothing is prepared when that is the configuration")
    func none() async throws {
        let url = try PostgresServer.shared().url()
        try await withPool(url, maximum: 1, preparedStatements: 0) { pool async throws in
            #expect(try await pool.queryOne("SELECT \(1)", as: Int.self) == 1)
            #expect(try await pool.batch(["SELECT 1", "SELECT 2"]).count == 2)
            #expect(try await pool.query(Self.prepared, as: String.self) == [])
        }
    }

    @Test("a statement whose columns have changed is prepared anew", arguments: [false, true])
    func changed(asBatch: Bool) async throws {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 1) { pool async throws in
            try await pool.execute("CREATE TABLE t (id int)")
            try await pool.execute("INSERT INTO t VALUES (1)")
            let all: SQL = "SELECT * FROM t"
            #expect(try await pool.query(all, as: [String: Int].self) == [["id": 1]])
            let process = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            try await pool.execute("ALTER TABLE t ADD COLUMN more bigint DEFAULT 2")
            if asBatch {
                let results = try await pool.batch(["INSERT INTO t VALUES (3, 4)", all])
                #expect(try results[1].rows(as: [String: Int].self).count == 2)
            } else {
                #expect(try await pool.query(all, as: [String: Int].self) == [["id": 1, "more": 2]])
            }
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == process)
        }
    }

    @Test("statements that the server forgot are prepared anew", arguments: ["DEALLOCATE ALL", "DISCARD ALL"])
    func forgotten(command: String) async throws {
        try await withPool(maximum: 1) { pool async throws in
            for _ in 0..<3 {
                #expect(try await pool.queryOne("SELECT \(1)", as: Int.self) == 1)
                #expect(try await pool.queryOne("SELECT \(2), 3", as: [String: Int].self) != nil)
                try await pool.execute("\(unsafe: command)")
            }
            #expect(try await pool.batch(["SELECT \(1)", "SELECT \(2)"]).count == 2)
            #expect(try await pool.query(Self.prepared, as: String.self) == ["SELECT $1"])
        }
    }

    @Test("a name that the server forgot does not stand in the way of one that takes its place")
    func forgottenWhenFull() async throws {
        let url = try PostgresServer.shared().url()
        try await withPool(url, maximum: 1, preparedStatements: 1) { pool async throws in
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
            try await pool.execute("DEALLOCATE ALL")
            #expect(try await pool.queryOne("SELECT 2", as: Int.self) == 2)
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
            #expect(try await pool.query(Self.prepared, as: String.self) == ["SELECT 1"])
        }
    }

    @Test("within a transaction a changed statement fails, and is prepared anew in the next one")
    func changedWithinTransaction() async throws {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 1) { pool async throws in
            try await pool.execute("CREATE TABLE t (id int)")
            let all: SQL = "SELECT * FROM t"
            try await pool.execute(all)
            try await pool.execute("ALTER TABLE t ADD COLUMN more int")
            let error = await postgresError {
                try await pool.transaction { transaction in _ = try await transaction.execute(all) }
            }
            #expect(error?.sqlState == "0A000")
            #expect(try await pool.transaction { transaction in try await transaction.execute(all) } == 0)
        }
    }

    @Test("a statement whose parameter has another type now is prepared anew", arguments: [false, true])
    func retyped(asBatch: Bool) async throws {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 1) { pool async throws in
            try await pool.execute("CREATE TABLE t (role text)")
            let process = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            let add: SQL = "INSERT INTO t VALUES (\("a"))"
            let find: SQL = "SELECT count(*) FROM t WHERE role = \("a")"
            for (number, changes) in Self.retyping.enumerated() {
                for change in changes { try await pool.execute(change) }
                let count: Int?
                if asBatch {
                    let results = try await pool.batch([add, find])
                    count = try results[1].row(as: Int.self)
                } else {
                    try await pool.execute(add)
                    count = try await pool.queryOne(find, as: Int.self)
                }
                #expect(count == number + 1)
            }
            #expect(try await pool.query(Self.prepared, as: String.self).count == 3)
            // What is wrong with the statement itself is said at once, and again.
            try await pool.execute("DROP TABLE t")
            for _ in 0..<2 {
                let error = await postgresError { try await Self.run(add, asBatch: asBatch, in: pool) }
                #expect(error?.sqlState == .undefinedTable)
            }
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == process)
        }
    }

    @Test("a parameter's other type ends a transaction, and the next one succeeds", arguments: [false, true])
    func retypedWithinTransaction(asBatch: Bool) async throws {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 1) { pool async throws in
            try await pool.execute("CREATE TABLE t (role text)")
            let add: SQL = "INSERT INTO t VALUES (\("a"))"
            try await pool.execute(add)
            for changes in Self.retyping.dropFirst() {
                for change in changes { try await pool.execute(change) }
                let error = await postgresError {
                    try await pool.transaction { tx in try await Self.run(add, asBatch: asBatch, in: tx) }
                }
                let states: [SQLState?] = ["42804", "42704", "XX000"]
                #expect(states.contains(error?.sqlState))
                try await pool.transaction { tx in try await Self.run(add, asBatch: asBatch, in: tx) }
            }
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 3)
        }
    }

    private static func run(_ statement: SQL, asBatch: Bool, in pool: PostgresPool) async throws {
        if asBatch {
            _ = try await pool.batch([statement])
        } else {
            _ = try await pool.execute(statement)
        }
    }

    private static func run(_ statement: SQL, asBatch: Bool, in transaction: PostgresTransaction) async throws {
        if asBatch {
            _ = try await transaction.batch([statement])
        } else {
            _ = try await transaction.execute(statement)
        }
    }

    /// What makes a column of text one of an enumeration, and back again, so that the type is gone.
    private static let retyping: [[SQL]] = [
        [], ["CREATE TYPE r AS ENUM ('a')", "ALTER TABLE t ALTER role TYPE r USING role::r"],
        ["ALTER TABLE t ALTER role TYPE text USING role::text", "DROP TYPE r"],
    ]

    @Test("a connection that takes another's place begins with nothing prepared")
    func replaced() async throws {
        try await withPool(maximum: 1) { pool async throws in
            #expect(try await pool.queryOne("SELECT \(1)", as: Int.self) == 1)
            _ = await postgresError { try await pool.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
            #expect(try await pool.queryOne("SELECT \(1)", as: Int.self) == 1)
            #expect(try await pool.query(Self.prepared, as: String.self) == ["SELECT $1"])
        }
    }
}
