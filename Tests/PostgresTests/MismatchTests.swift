import Foundation
import TestSupport
import Testing

@testable import Postgres

@Suite struct MismatchTests {
    enum Role: String, Decodable, Sendable { case admin }

    private struct Row<Value: Decodable & Sendable>: Decodable, Sendable { var age: Value }

    struct Case: Sendable, CustomTestStringConvertible {
        var expression: String
        var type: String
        var wanted: String
        var isElement = false
        var isNull = false
        var read: @Sendable (PostgresPool, SQL) async throws -> Void

        var testDescription: String { "\(expression) as \(wanted)" }

        static func make<Value: Decodable & Sendable>(
            _ expression: String, _ type: String, _ wanted: Value.Type, named name: String? = nil,
            isElement: Bool = false, isNull: Bool = false
        ) -> Case {
            Case(
                expression: expression, type: type, wanted: name ?? "\(wanted)", isElement: isElement,
                isNull: isNull
            ) { pool, sql in
                _ = try await pool.query(sql, as: Row<Value>.self)
            }
        }
    }

    static let cases: [Case] = [
        .make("'5'::text", "text", Int.self), .make("1.5::float8", "double precision", Int.self),
        .make("1.5::numeric", "numeric", Int.self), .make("true", "boolean", Int.self),
        .make("300::int2", "smallint", Int8.self), .make("-1", "integer", UInt.self),
        .make("9223372036854775807", "bigint", Int32.self), .make("NULL::int", "integer", Int.self, isNull: true),
        .make("NULL::text", "text", String.self, isNull: true), .make("1", "integer", Bool.self),
        .make("'t'::text", "text", Bool.self), .make("'1.5'::text", "text", Double.self),
        .make("'1.5'::text", "text", Float.self), .make("now()", "timestamp with time zone", Double.self),
        .make("'2026-01-01'::text", "text", Date.self), .make("1", "integer", Date.self),
        .make("'infinity'::timestamptz", "timestamp with time zone", Date.self),
        .make("now()", "timestamp with time zone", CalendarDate.self),
        .make("'2026-01-01'::text", "text", CalendarDate.self),
        .make("'20026-01-01'::date", "date", CalendarDate.self),
        .make("gen_random_uuid()::text", "text", UUID.self), .make("1.5::float8", "double precision", Decimal.self),
        .make("NULL::numeric", "numeric", Decimal.self, isNull: true),
        .make("'x'::text", "text", [UInt8].self, named: "[UInt8]"), .make("'secret'::text", "text", Role.self),
        .make("1", "integer", [Int].self, named: "array"),
        .make("NULL::int[]", "integer[]", [Int].self, named: "array", isNull: true),
        .make("ARRAY[1,2]", "integer[]", Int.self),
        .make("ARRAY['secret']", "text", [Int].self, named: "Int", isElement: true),
        .make("ARRAY[1,NULL]", "integer", [Int].self, named: "Int", isElement: true, isNull: true),
        .make("ARRAY['secret']", "text", [Role].self, named: "Role", isElement: true),
        .make("'secret'::text", "text", [String: Int].self, named: "type with properties"),
        .make("point(1, 2)", "point", Double.self), .make("'secret'::xml", "xml", Int.self),
    ]

    @Test(
        "a wrong type is an error that names the column, its type and the wanted type, and not the value",
        arguments: cases)
    func mismatch(one: Case) async throws {
        try await withPool { pool async throws in
            let error = await postgresError {
                try await one.read(pool, "SELECT \(unsafe: one.expression) AS age")
            }
            let place = one.isElement ? "An element of column" : "Column"
            let what = one.isNull ? "is NULL, which" : "has a value that"
            #expect(error?.kind == .decoding)
            #expect(
                error?.message
                    == "\(place) age, of type \(one.type), \(what) cannot be read as \(one.wanted)")
        }
    }

    @Test("a type that users made is told by its number")
    func ofUsers() async throws {
        try await withPool(try PostgresServer.shared().makeDatabase()) { pool async throws in
            try await pool.execute("CREATE TYPE mood AS ENUM ('calm')")
            let number = try await pool.queryOne("SELECT 'mood'::regtype::oid", as: Int.self) ?? 0
            let error = await postgresError {
                _ = try await pool.query("SELECT 'calm'::mood AS age", as: Int.self)
            }
            #expect(
                error?.message
                    == "Column age, of type number \(number) in pg_type, has a value that cannot be read as Int")
        }
    }

    @Test("what a type's own rules refuse is an error without the value, too")
    func ownRules() async throws {
        struct Strict: Decodable, Sendable {
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                let name = try container.decode(String.self, forKey: .name)
                throw DecodingError.dataCorruptedError(
                    forKey: .name, in: container, debugDescription: "not \(name)")
            }
            enum Key: CodingKey { case name, other }
        }
        try await withPool { pool async throws in
            let error = await postgresError {
                _ = try await pool.query("SELECT 'secret' AS name, 1 AS other", as: Strict.self)
            }
            #expect(error?.kind == .decoding)
            #expect(error?.description.contains("secret") == false)
        }
    }
}
