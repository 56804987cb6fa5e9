import Foundation
import TestSupport
import Testing

@testable import Postgres

@Suite struct CopyTests {
    private struct Failure: Error {}

    /// A pool of one connection and a table; whether all was done on the same connection.
    private func withTable(
        _ columns: String = "id int PRIMARY KEY, name text", _ body: @Sendable (PostgresPool) async throws -> Void
    ) async throws -> Bool {
        try await withPool(try PostgresServer.shared().makeDatabase(), maximum: 1) { pool async throws in
            try await pool.execute("CREATE TABLE t (\(unsafe: columns))")
            let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            try await body(pool)
            return try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == before
        }
    }

    @Test("many rows are written and counted")
    func many() async throws {
        let isSame = try await withTable { pool async throws in
            let count = try await pool.copy(into: "t", columns: ["id", "name"]) { writer in
                for number in 0..<100_000 { try await writer.write(number, "row \(number)") }
            }
            #expect(count == 100_000)
            #expect(try await pool.queryOne("SELECT sum(id) FROM t", as: Int.self) == 4_999_950_000)
            #expect(try await pool.copy(into: "t", columns: ["id"]) { _ in } == 0)
        }
        #expect(isSame)
    }

    @Test("values of every type arrive as they went")
    func types() async throws {
        let columns = """
            "boo" boolean, small smallint, i integer, big bigint, huge numeric, f real, d double precision, t text,
            v varchar(20), u uuid, at timestamptz, day date, n numeric, j jsonb, b bytea, ints bigint[], texts text[],
            dates timestamptz[], nothing int, uuids uuid[], blobs bytea[], flags boolean[]
            """
        struct Row: Decodable, Sendable, Equatable {
            var boo: Bool
            var small: Int16
            var i: Int32
            var big: Int64
            var huge: UInt64
            var f: Float
            var d: Double
            var t: String
            var v: String
            var u: UUID
            var at: Date
            var day: CalendarDate
            var n: Decimal
            var j: [String: [Int]]
            var b: [UInt8]
            var ints: [Int?]
            var texts: [String?]
            var dates: [Date]
            var nothing: Int?
            var uuids: [UUID]
            var blobs: [[UInt8]]
            var flags: [Bool?]
        }
        let strange = "a\tb\nc\r\\d\\.\\N \u{8}\u{B}\u{C}{}\",'é 👩‍👩‍👧"
        let rows = [
            Row(
                boo: true, small: .min, i: .max, big: .min, huge: .max, f: 1.1, d: -.leastNonzeroMagnitude, t: strange,
                v: "x",
                u: UUID(), at: Date(microsecondsSince1970: 1_795_237_093_123_456),
                day: try #require(CalendarDate("2026-11-21")),
                n: try #require(Decimal(string: "-12345678901234567890.5")), j: [strange: [1]],
                b: Array(0...255), ints: [1, nil, .min], texts: [strange, nil, "", "NULL"],
                dates: [Date(microsecondsSince1970: -1)], nothing: nil, uuids: [UUID(), UUID()],
                blobs: [[], [0x5C, 0x22]], flags: [true, nil, false]),
            Row(
                boo: false, small: 0, i: 0, big: 0, huge: 0, f: .infinity, d: -.infinity, t: "", v: "",
                u: UUID(), at: Date(microsecondsSince1970: -60_000_000_000_000_000),
                day: try #require(CalendarDate("0001-01-01")), n: 0, j: [:], b: [], ints: [], texts: [],
                dates: [], nothing: 1, uuids: [], blobs: [], flags: []),
        ]
        let isSame = try await withTable(columns) { pool async throws in
            try await pool.copy(into: "t") { writer in
                for row in rows {
                    try await writer.write(
                        row.boo, row.small, row.i, row.big, row.huge, row.f, row.d, row.t, row.v, row.u, row.at,
                        row.day, row.n, PostgresJSON(row.j), row.b, row.ints, row.texts, row.dates, row.nothing,
                        row.uuids, row.blobs, row.flags)
                }
            }
            #expect(try await pool.query("SELECT * FROM t", as: Row.self) == rows)
        }
        #expect(isSame)
    }

    @Test("rows of a sequence are written")
    func sequence() async throws {
        let isSame = try await withTable { pool async throws in
            let rows = AsyncStream<PostgresCopyRow> { continuation in
                for number in 0..<1000 {
                    if let row = try? PostgresCopyRow(number, number % 2 == 0 ? "even" : nil) {
                        continuation.yield(row)
                    }
                }
                continuation.finish()
            }
            #expect(try await pool.copy(into: "t", schema: "public", columns: ["id", "name"], rows: rows) == 1000)
            #expect(try await pool.queryOne("SELECT count(name) FROM t", as: Int.self) == 500)
        }
        #expect(isSame)
    }

    @Test("CSV is written as it comes, cut anywhere")
    func csv() async throws {
        let isSame = try await withTable { pool async throws in
            let csv = Array("number;text\r\n1;\"a;b\"\r\n2;\"c \"\"d\"\"\ne\"\r\n3;\r\n4;\"\"\r\n".utf8)
            let pieces = AsyncStream<ArraySlice<UInt8>> { continuation in
                for start in stride(from: 0, to: csv.count, by: 7) {
                    continuation.yield(csv[start..<min(csv.count, start + 7)])
                }
                continuation.finish()
            }
            let format = PostgresCSV(hasHeader: true, delimiter: ";")
            #expect(try await pool.copy(into: "t", csv: format, bytes: pieces) == 4)
            let names = try await pool.query("SELECT name FROM t ORDER BY id", as: String?.self)
            #expect(names == ["a;b", "c \"d\"\ne", nil, ""])
            let error = await postgresError {
                try await pool.copy(into: "t", csv: PostgresCSV()) { try await $0.write(Array("5,a,b\n".utf8)) }
            }
            #expect(error?.sqlState == "22P04")
        }
        #expect(isSame)
    }

    @Test(
        "a line of CSV that would end the COPY is refused, cut anywhere and passed over or not, and nothing is kept",
        arguments: ["1,a\n\\.\n2,b\n", "\\.\r\n1,a\r\n", "1,\"a\n\"\"\"\n\\.\n"])
    func endOfCSV(text: String) async throws {
        let isSame = try await withTable { pool async throws in
            let csv = Array(text.utf8)
            for size in 1...4 {
                let error = await postgresError {
                    try await pool.copy(into: "t", csv: PostgresCSV()) { writer in
                        for start in stride(from: 0, to: csv.count, by: size) {
                            let piece = csv[start..<min(csv.count, start + size)]
                            if size == 1 { try? await writer.write(piece) } else { try await writer.write(piece) }
                        }
                    }
                }
                #expect(error?.kind == .statement)
                let count = try await pool.queryOne("SELECT count(*) FROM t", as: Int.self)
                #expect(count == 0)
            }
        }
        #expect(isSame)
    }

    @Test("the mark that ends a COPY is a value where it is quoted, or not alone", arguments: [1, 100])
    func quotedEndOfCSV(size: Int) async throws {
        let isSame = try await withTable("name text") { pool async throws in
            let csv = Array("'\\.'\n'a\n\\.\nb'\n\\.x\nx\\.\n".utf8)
            try await pool.copy(into: "t", csv: PostgresCSV(quote: "'")) { writer in
                for start in stride(from: 0, to: csv.count, by: size) {
                    try await writer.write(csv[start..<min(csv.count, start + size)])
                }
            }
            let names = try await pool.query("SELECT name FROM t", as: String.self)
            #expect(names == ["\\.", "a\n\\.\nb", "\\.x", "x\\."])
        }
        #expect(isSame)
    }

    @Test("when the closure throws nothing is kept, and the connection goes on", arguments: [0, 10, 100_000])
    func closureThrows(rows: Int) async throws {
        let isSame = try await withTable { pool async throws in
            await #expect(throws: Failure.self) {
                try await pool.copy(into: "t", columns: ["id", "name"]) { writer in
                    for number in 0..<rows { try await writer.write(number, "x") }
                    throw Failure()
                }
            }
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 0)
        }
        #expect(isSame)
    }

    @Test(
        "a row that the server refuses is its error, nothing is kept, and the connection goes on",
        arguments: [1, 200_000])
    func refused(rows: Int) async throws {
        let isSame = try await withTable { pool async throws in
            let error = await postgresError {
                try await pool.copy(into: "t", columns: ["id", "name"]) { writer in
                    for number in 0..<rows { try await writer.write(number, "a name of some length") }
                    try await writer.write(0, "again")
                    for number in 0..<rows { try await writer.write(rows + number, "x") }
                }
            }
            #expect(error?.sqlState == .uniqueViolation)
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 0)
        }
        #expect(isSame)
    }

    @Test("a source without end is stopped by the server's refusal")
    func endless() async throws {
        let isSame = try await withTable { pool async throws in
            let error = await postgresError {
                try await pool.copy(into: "t", columns: ["id", "name"]) { writer in
                    while true { try await writer.write(1, "x") }
                }
            }
            #expect(error?.sqlState == .uniqueViolation)
        }
        #expect(isSame)
    }

    @Test("a row that cannot be written is left out if the closure passes over it")
    func leftOut() async throws {
        let isSame = try await withTable { pool async throws in
            let count = try await pool.copy(into: "t", columns: ["id", "name"]) { writer in
                try await writer.write(1, "a")
                await #expect(throws: PostgresError.self) { try await writer.write(2, "\0") }
                await #expect(throws: PostgresError.self) { try await writer.write(3) }
                await #expect(throws: PostgresError.self) { try await writer.write(try PostgresCopyRow(1, 2, 3)) }
                try await writer.write(values: [4, nil])
            }
            #expect(count == 2)
            #expect(try await pool.query("SELECT id FROM t ORDER BY id", as: Int.self) == [1, 4])
        }
        #expect(isSame)
    }

    @Test("a table that is not there is an error, and the connection goes on")
    func noTable() async throws {
        let isSame = try await withTable { pool async throws in
            for (table, column) in [("nowhere", "id"), ("t; DROP TABLE t", "id"), ("t", "nothing")] {
                let error = await postgresError {
                    try await pool.copy(into: table, columns: [column]) { try await $0.write(1) }
                }
                #expect(error?.kind == .server)
            }
        }
        #expect(isSame)
    }

    @Test("a cancelled COPY keeps nothing, and the connection goes on", arguments: [0, 1, 50_000])
    func cancelled(rows: Int) async throws {
        let isSame = try await withTable { pool async throws in
            let task = Task {
                try await pool.copy(into: "t", columns: ["id", "name"]) { writer in
                    for number in 0..<rows { try await writer.write(number, "x") }
                    withUnsafeCurrentTask { $0?.cancel() }
                    for number in 0..<rows { try await writer.write(rows + number, "x") }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 0)
        }
        #expect(isSame)
    }

    @Test("a COPY cancelled while its closure waits for something else keeps nothing, and the connection goes on")
    func cancelledWhileWaiting() async throws {
        let isSame = try await withTable { pool async throws in
            let task = Task {
                try await pool.copy(into: "t", columns: ["id", "name"]) { writer in
                    try await writer.write(1, "x")
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await Task.sleep(for: .seconds(3600))
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 0)
        }
        #expect(isSame)
    }

    @Test("a server that does not give up a cancelled COPY in time loses the connection")
    func stuck() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            try await pool.execute("CREATE TABLE t (name text DEFAULT pg_sleep(3600)::text, filling text)")
            let error = try await cancelWhileSleeping(pool, url) {
                try await pool.copy(into: "t", columns: ["filling"]) { writer in
                    while true { try await writer.write("a line of text that fills the buffers in the end") }
                }
            }
            #expect(error is CancellationError)
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 0)
        }
    }

    @Test("a connection that the server ends during a COPY is replaced")
    func ended() async throws {
        let isSame = try await withTable { pool async throws in
            let error = await postgresError {
                let other = try PostgresServer.shared()
                try await pool.copy(into: "t", columns: ["id", "name"]) { writer in
                    try await writer.write(1, "x")
                    try other.run(
                        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE query LIKE 'COPY \"t\"%' AND datname = '\(pool.parameters["dbname"] ?? "")'"
                    )
                }
            }
            #expect(error?.kind == .connection)
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 0)
        }
        #expect(!isSame)
    }

    @Test("within a transaction a COPY is part of it")
    func withinTransaction() async throws {
        let isSame = try await withTable { pool async throws in
            try await pool.transaction { transaction in
                try await transaction.copy(into: "t", columns: ["id", "name"]) { try await $0.write(1, "a") }
                try await transaction.execute("UPDATE t SET name = 'b'")
            }
            #expect(try await pool.query("SELECT name FROM t", as: String.self) == ["b"])
            await #expect(throws: Failure.self) {
                try await pool.transaction { transaction in
                    try await transaction.copy(into: "t", columns: ["id", "name"]) { try await $0.write(2, "a") }
                    throw Failure()
                }
            }
            await #expect(throws: Failure.self) {
                try await pool.transaction { transaction in
                    try await transaction.copy(into: "t", columns: ["id", "name"]) { writer in
                        try await writer.write(3, "a")
                        throw Failure()
                    }
                }
            }
            #expect(try await pool.queryOne("SELECT count(*) FROM t", as: Int.self) == 1)
        }
        #expect(isSame)
    }
}
