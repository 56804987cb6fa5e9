import FunctionKit
import Postgres
import Shop

/// Lists users, newest first, one page at a time; of one role if `role` says so.
@main struct ListUsers: Function {
    struct Input: Decodable, Sendable {
        var role: Role?
        var page: PageRequest
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> Page<User> {
        let filter: SQL = if let role = input.role { "WHERE role = \(role)" } else { "" }
        let total = try await database.queryOne("SELECT count(*) FROM users \(filter)", as: Int.self)
        let users = try await database.query(
            """
            SELECT \(User.columns) FROM users \(filter)
            ORDER BY created_at DESC, id DESC LIMIT \(input.page.limit) OFFSET \(input.page.offset)
            """, as: User.self)
        return Page(users, total: total ?? 0)
    }
}
