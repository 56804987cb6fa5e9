import Foundation
import Testing

@testable import Postgres

@Suite struct TypeTests {
    private func same<Value: Codable & PostgresBindable & Equatable>(_ values: [Value], as type: String)
        async throws
    {
        try await withPool { pool async throws in
            for value in values {
                let back = try await pool.queryOne("SELECT \(value)::\(unsafe: type)", as: Value.self)
                #expect(back == value)
            }
            #expect(
                try await pool.queryOne("SELECT \(nil as Value?)::\(unsafe: type)", as: Value?.self)
                    == .some(nil))
        }
    }

    @Test("booleans come back as they went")
    func bools() async throws { try await same([true, false], as: "boolean") }

    @Test("integers come back as they went, to the ends of their ranges")
    func integers() async throws {
        try await same([.min, -1, 0, 1, .max] as [Int16], as: "smallint")
        try await same([.min, -1, 0, 1, .max] as [Int32], as: "integer")
        try await same([.min, -1, 0, 1, .max] as [Int64], as: "bigint")
        try await same([.min, 0, .max] as [Int], as: "bigint")
        try await same([.min, 0, .max] as [Int8], as: "smallint")
        try await same([0, .max] as [UInt8], as: "smallint")
        try await same([0, .max] as [UInt16], as: "integer")
        try await same([0, .max] as [UInt32], as: "bigint")
        try await same([0, .max] as [UInt64], as: "numeric")
        try await same([0, .max] as [UInt], as: "numeric")
    }

    @Test("floating point comes back bit by bit")
    func floats() async throws {
        try await same(
            [0, 0.1, -1.5e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity],
            as: "float8")
        try await same(
            [0, 0.1, -1.5e30, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity] as [Float],
            as: "float4")
        try await withPool { pool async throws in
            #expect(try await pool.queryOne("SELECT \(Double.nan)", as: Double.self)?.isNaN == true)
        }
    }

    @Test("text comes back as it went")
    func text() async throws {
        try await same(
            ["", "a", "O'Neill \\ \"x\" $1", "名前 👩‍👩‍👧", "a\nb\tc", String(repeating: "x", count: 100_000)],
            as: "text")
    }

    @Test("bytes come back as they went")
    func bytes() async throws {
        try await same([[], [0], Array(0...255), [UInt8](repeating: 0xAB, count: 300_000)], as: "bytea")
    }

    @Test("UUIDs come back as they went")
    func uuids() async throws {
        let fixed = try #require(UUID(uuidString: "01234567-89ab-cdef-0123-456789abcdef"))
        try await same([UUID(), fixed], as: "uuid")
        try await withPool { pool async throws in
            let text = try await pool.queryOne("SELECT \(fixed)::text", as: String.self)
            #expect(text == "01234567-89ab-cdef-0123-456789abcdef")
        }
    }

    @Test("moments come back to the microsecond")
    func dates() async throws {
        let moments = [
            0, 1, -1, 946_684_800_000_000, 1_795_237_093_123_456, 253_402_300_799_999_999,
            -62_135_596_800_000_000,
        ]
        try await same(moments.map { Date(microsecondsSince1970: Int64($0)) }, as: "timestamptz")
        try await withPool { pool async throws in
            let moment = Date(microsecondsSince1970: 1_795_237_093_123_456)
            let text = try await pool.queryOne("SELECT \(moment)::text", as: String.self)
            #expect(text == "2026-11-21 04:58:13.123456+00")
            let plain = try await pool.queryOne(
                "SELECT timestamp '2026-11-21 04:58:13.123456'", as: Date.self)
            #expect(plain == moment)
            let day = try await pool.queryOne("SELECT date '2000-01-01'", as: Date.self)
            #expect(day == Date(timeIntervalSince1970: 946_684_800))
            let zoned = try await pool.queryOne(
                "SELECT timestamptz '2026-11-21 10:28:13.123456+05:30'", as: Date.self)
            #expect(zoned == moment)
        }
    }

    @Test("a moment beyond what PostgreSQL knows is refused, and so is infinity when it is read")
    func noMoments() async throws {
        try await withPool { pool async throws in
            for date in [Date.distantFuture.addingTimeInterval(1e13), Date(timeIntervalSince1970: .infinity)] {
                let error = await postgresError { try await pool.execute("SELECT \(date)") }
                #expect(error?.sqlState == "22008")
            }
            let error = await postgresError {
                _ = try await pool.queryOne("SELECT timestamptz 'infinity'", as: Date.self)
            }
            #expect(error?.kind == .decoding)
        }
    }

    @Test("days of the calendar come back as they went")
    func calendar() async throws {
        try await same(["2026-11-21", "0001-01-01", "9999-12-31"].compactMap(CalendarDate.init), as: "date")
    }

    @Test("decimals come back digit by digit")
    func decimals() async throws {
        let texts = [
            "0", "0.10", "-12345678901234567890.123456789012345678", "99999999999999999999999999999999999999",
        ]
        try await same(try texts.map { try #require(Decimal(string: $0)) }, as: "numeric")
        try await withPool { pool async throws in
            let tooLong: SQL = "SELECT 1234567890123456789012345678901234567890::numeric"
            #expect(
                await postgresError { _ = try await pool.queryOne(tooLong, as: Decimal.self) }?.kind
                    == .decoding)
            for (number, value) in [("5", "5"), ("-1.25", "-1.25"), ("0", "0"), ("100", "100"), ("0.10", "0.1")] {
                let padded: SQL = "SELECT \(unsafe: number)::numeric(60, 40)"
                let decimal = try await pool.queryOne(padded, as: Decimal.self)
                #expect(decimal == Decimal(string: value))
            }
            #expect(try await pool.queryOne("SELECT 12.50::numeric", as: Double.self) == 12.5)
            #expect(
                try await pool.queryOne("SELECT sum(x) FROM (VALUES (1::bigint), (2)) AS t (x)", as: Int.self)
                    == 3)
        }
    }

    @Test("JSON goes and comes as the type that it is")
    func json() async throws {
        struct Address: Codable, Sendable, Equatable {
            var street: String
            var lines: [Int]
            var note: String?
        }
        struct Row: Decodable, Sendable {
            var address: Address
            var tags: [String]
            var other: Address?
        }
        let address = Address(street: "Rue \"X\" 1", lines: [1, 2], note: nil)
        try await withPool { pool async throws in
            let row = try await pool.queryOne(
                "SELECT \(json: address) AS address, '[\"a\", \"b\"]'::json AS tags, NULL::jsonb AS other",
                as: Row.self)
            #expect(row?.address == address)
            #expect(row?.tags == ["a", "b"])
            #expect(row?.other == nil)
            #expect(try await pool.queryOne("SELECT '{\"a\": 1}'::jsonb", as: String.self) == "{\"a\": 1}")
            let whole = try await pool.queryOne("SELECT \(json: address)", as: PostgresJSON<Address>.self)
            #expect(whole?.value == address)
            struct OneColumn: Decodable, Sendable {
                var data: [UInt8]?
                var address: Address?
            }
            let narrow = try await pool.queryOne("SELECT \(json: address) AS address", as: OneColumn.self)
            #expect(narrow?.address == address)
            let numbers = try await pool.queryOne("SELECT '[1, 2]'::jsonb AS data", as: OneColumn.self)
            #expect(numbers?.data == [1, 2])
            struct Scalars: Decodable, Sendable, Equatable {
                var whole: Int
                var real: Double
                var flag: Bool
                var maybe: Int?
                var text: String
            }
            let scalars = try await pool.queryOne(
                "SELECT '5'::jsonb AS whole, '1.5'::json AS real, 'true'::jsonb AS flag, '7'::jsonb AS maybe, '\"x\"'::jsonb AS text",
                as: Scalars.self)
            // Text is the document as it stands, quotes and all.
            #expect(scalars == Scalars(whole: 5, real: 1.5, flag: true, maybe: 7, text: "\"x\""))
            #expect(try await pool.queryOne("SELECT '6'::jsonb", as: Int.self) == 6)
            for (document, type) in [("1.5", "Int"), ("true", "Int"), ("\"5\"", "Int")] {
                let error = await postgresError {
                    _ = try await pool.queryOne("SELECT \(document)::jsonb AS age", as: Int.self)
                }
                #expect(error?.kind == .decoding && error?.message.contains(type) == true)
            }
            let wrong = await postgresError {
                _ = try await pool.queryOne("SELECT '{\"street\": 5}'::jsonb", as: PostgresJSON<Address>.self)
            }
            #expect(wrong?.kind == .decoding)
        }
    }

    @Test("text fits whatever type stands where it is bound")
    func unknown() async throws {
        try await withPool { pool async throws in
            let id = "01234567-89ab-cdef-0123-456789abcdef"
            let row = try await pool.queryOne(
                "SELECT \(id) = '01234567-89AB-CDEF-0123-456789ABCDEF'::uuid AND \("2026-01-01") < now()",
                as: Bool.self)
            #expect(row == true)
            let nothing: String? = nil
            #expect(try await pool.queryOne("SELECT \(nothing)::text IS NULL", as: Bool.self) == true)
        }
    }
}
