import Testing

@testable import Postgres

@Suite struct RowTests {
    enum Role: String, Codable, Sendable { case admin, member }

    struct User: Decodable, Sendable, Equatable {
        var id: Int
        var fullName: String
        var role: Role
        var managerID: Int?
        var isActive: Bool
    }

    @Test("rows become values, whatever the columns' order")
    func rows() async throws {
        try await withPool { pool async throws in
            let users = try await pool.query(
                """
                SELECT * FROM (VALUES (true, 'Ada', 1::bigint, NULL::bigint, 'admin'), (false, 'Alan', 2, 1, 'member'))
                AS t (is_active, full_name, id, manager_id, role) ORDER BY id
                """, as: User.self)
            #expect(
                users == [
                    User(id: 1, fullName: "Ada", role: .admin, managerID: nil, isActive: true),
                    User(id: 2, fullName: "Alan", role: .member, managerID: 1, isActive: false),
                ])
        }
    }

    @Test("a missing optional column is nil, a missing needed one is an error that names it")
    func missing() async throws {
        try await withPool { pool async throws in
            let user = try await pool.queryOne(
                "SELECT 1 AS id, 'Ada' AS full_name, 'admin' AS role, true AS is_active", as: User.self)
            #expect(user?.managerID == nil)
            let error = await postgresError {
                _ = try await pool.query(
                    "SELECT 1 AS id, 'Ada' AS full_name, true AS is_active", as: User.self)
            }
            #expect(error?.kind == .decoding)
            #expect(error?.message.contains("role") == true)
        }
    }

    @Test("of columns with the same name the first counts")
    func doubled() async throws {
        struct Pair: Decodable, Sendable {
            var id: Int
            var name: String
        }
        try await withPool { pool async throws in
            let rows = try await pool.query(
                "SELECT 1 AS id, 'a' AS name, 2 AS id UNION ALL SELECT 3, 'b', 4", as: Pair.self)
            #expect(rows.map(\.id).sorted() == [1, 3])
        }
    }

    @Test(
        "a value that does not fit is an error that names the column, and not the value",
        arguments: [
            "SELECT NULL::int AS age", "SELECT 'secret' AS age", "SELECT 1.5 AS age",
            "SELECT 9223372036854775808 AS age",
            "SELECT true AS age", "SELECT '{}'::jsonb AS age",
        ])
    func mismatch(statement: String) async throws {
        try await withPool { pool async throws in
            let error = await postgresError { _ = try await pool.query("\(unsafe: statement)", as: Int.self) }
            #expect(error?.kind == .decoding)
            #expect(error?.description.contains("age") == true)
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test("a single value needs a single column")
    func singleColumn() async throws {
        try await withPool { pool async throws in
            #expect(
                await postgresError { _ = try await pool.query("SELECT 1, 2", as: Int.self) }?.kind
                    == .decoding)
            #expect(try await pool.query("SELECT generate_series(1, 3)", as: Int.self) == [1, 2, 3])
            #expect(try await pool.query("SELECT 1 WHERE false", as: Int.self) == [])
            #expect(try await pool.queryOne("SELECT 1 WHERE false", as: Int.self) == nil)
            #expect(try await pool.queryOne("SELECT 'admin'", as: Role.self) == .admin)
        }
    }

    @Test("columns become a dictionary by their own names")
    func dictionaries() async throws {
        try await withPool { pool async throws in
            let row = try await pool.queryOne("SELECT 'x' AS first_name, 'y' AS b", as: [String: String].self)
            #expect(row == ["first_name": "x", "b": "y"])
        }
    }
}
