import Foundation
import TestSupport
import Testing

@testable import Postgres

@Suite struct ArrayTests {
    private enum Mood: String, Codable, PostgresBindable { case calm, merry }
    private enum Level: Int, Codable, PostgresBindable { case low = 1, high = 3 }

    private struct Row<Value: Decodable & Sendable>: Decodable, Sendable {
        var full: [Value]
        var mixed: [Value?]
        var empty: [Value]
        var missing: [Value]?
    }

    private func same<Value: Codable & PostgresBindable & Equatable>(_ values: [Value], as type: String)
        async throws
    {
        let optional = values.map(Optional.some) + [nil] + values.prefix(1).map(Optional.some)
        try await withPool { pool async throws in
            for text in ["SELECT \(values)::\(unsafe: type)[]", "SELECT \(values)::\(unsafe: type)[] AS a"] as [SQL] {
                #expect(try await pool.queryOne(text, as: [Value].self) == values)
            }
            let row = try await pool.queryOne(
                """
                SELECT \(values)::\(unsafe: type)[] AS full, \(optional)::\(unsafe: type)[] AS mixed,
                \([] as [Value])::\(unsafe: type)[] AS empty, \(nil as [Value]?)::\(unsafe: type)[] AS missing
                """, as: Row<Value>.self)
            #expect(row?.full == values)
            #expect(row?.mixed == optional)
            #expect(row?.empty == [])
            #expect(row?.missing == nil)
            for value in values {
                let found = try await pool.queryOne(
                    "SELECT \(value)::\(unsafe: type) = ANY(\(values)::\(unsafe: type)[])", as: Bool.self)
                #expect(found == true)
            }
        }
    }

    @Test("arrays of numbers and truth values come back as they went")
    func numbers() async throws {
        try await same([true, false], as: "boolean")
        try await same([.min, 0, .max] as [Int], as: "bigint")
        try await same([.min, 0, .max] as [Int64], as: "bigint")
        try await same([.min, 0, .max] as [Int32], as: "integer")
        try await same([.min, 0, .max] as [Int16], as: "smallint")
        try await same([.min, 0, .max] as [Int8], as: "smallint")
        try await same([0, .max] as [UInt16], as: "integer")
        try await same([0, .max] as [UInt32], as: "bigint")
        try await same([0, .max] as [UInt64], as: "numeric")
        try await same([0, .max] as [UInt], as: "numeric")
        try await same([0, -0.1, .greatestFiniteMagnitude, .infinity] as [Double], as: "float8")
        try await same([0, -0.1, .leastNonzeroMagnitude, -.infinity] as [Float], as: "float4")
        try await same([try #require(Decimal(string: "-12.500")), 0], as: "numeric")
    }

    @Test("arrays of text come back as they went, whatever is in it")
    func texts() async throws {
        let texts = [
            "", "a", "NULL", "null", "{}", "{a,b}", "a,b", "\"", "\\", "O'Neill \\\" $1", " x ", "a\nb\tc", "名前 👩‍👩‍👧",
        ]
        try await same(texts, as: "text")
        try await same(texts, as: "varchar")
    }

    @Test("arrays of bytes, moments, days, UUIDs and documents come back as they went")
    func others() async throws {
        try await same([[], [0], [0x5C, 0x22, 0x7B, 0xFF]] as [[UInt8]], as: "bytea")
        try await same(
            [0, -1, 1_795_237_093_123_456].map { Date(microsecondsSince1970: $0) }, as: "timestamptz")
        try await same(["2026-11-21", "0001-01-01"].compactMap(CalendarDate.init), as: "date")
        try await same([UUID(), UUID()], as: "uuid")
        try await withPool { pool async throws in
            let documents = [PostgresJSON(["a": [1, 2]]), PostgresJSON(["\"q\"": []])]
            let back = try await pool.queryOne(
                "SELECT \(documents)", as: [PostgresJSON<[String: [Int]]>].self)
            #expect(back == documents)
        }
    }

    @Test("arrays of raw values come back as they went, those of enumerations of the server too")
    func enumerations() async throws {
        try await same([Mood.calm, .merry], as: "text")
        try await same([Level.low, .high], as: "integer")
        try await withPool(try PostgresServer.shared().makeDatabase()) { pool async throws in
            try await pool.execute("CREATE TYPE mood AS ENUM ('calm', 'merry')")
            try await pool.execute("CREATE TABLE people (id int, mood mood, moods mood[])")
            try await pool.execute(
                "INSERT INTO people VALUES (1, \(Mood.calm), \([Mood.calm, .merry])), (2, \(Mood.merry), '{}')")
            let found = try await pool.query(
                "SELECT moods FROM people WHERE mood = ANY(\([Mood.calm])) AND id = ANY(\([1, 2]))",
                as: [Mood].self)
            #expect(found == [[.calm, .merry]])
        }
    }

    @Test("ids are looked up by an array")
    func lookUp() async throws {
        try await withPool { pool async throws in
            let ids = [3, 5, 1000]
            let found = try await pool.query(
                "SELECT n FROM generate_series(1, 10) n WHERE n = ANY(\(ids)) ORDER BY n", as: Int.self)
            #expect(found == [3, 5])
            let none = try await pool.query(
                "SELECT n FROM generate_series(1, 10) n WHERE n = ANY(\([] as [Int]))", as: Int.self)
            #expect(none == [])
            let words = try await pool.query(
                "SELECT w FROM (VALUES ('a'), ('b')) t (w) WHERE w = ANY(\(["b", "c"]))", as: String.self)
            #expect(words == ["b"])
        }
    }

    @Test("arrays of arrays are refused, bound and read")
    func nested() async throws {
        try await withPool { pool async throws in
            let bound: [SQL] = ["SELECT \([[1]])", "SELECT \([["a"]])", "SELECT \([["a"], nil])"]
            for statement in bound {
                #expect(await postgresError { try await pool.execute(statement) }?.kind == .statement)
            }
            let error = await postgresError {
                _ = try await pool.query("SELECT ARRAY[[1, 2], [3, 4]] AS grid", as: [Int].self)
            }
            #expect(
                error?.message == "Column grid has an array of several dimensions, which cannot be read")
        }
    }

    @Test("bytes read from an array of small integers are its elements")
    func smallIntegers() async throws {
        try await withPool { pool async throws in
            #expect(try await pool.queryOne("SELECT '{1,255}'::int2[]", as: [UInt8].self) == [1, 255])
            #expect(try await pool.queryOne("SELECT \([1, nil] as [UInt8?])", as: [Int?].self) == [1, nil])
        }
    }

    @Test("text with a zero character is refused also within an array")
    func zero() async throws {
        try await withPool { pool async throws in
            let error = await postgresError { try await pool.execute("SELECT \(["a", "\0"])::text[]") }
            #expect(error?.sqlState == "22021")
        }
    }
}
