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
        let total = try await database.queryOne(Self.count(of: input.role), as: Int.self)
        let users = try await database.query(Self.users(of: input.role, on: input.page), as: User.self)
        return Page(users, total: total ?? 0)
    }

    static func count(of role: Role?) -> SQL { "SELECT count(*) FROM users \(filter(role))" }

    static func users(of role: Role?, on page: PageRequest) -> SQL {
        """
        SELECT \(User.columns) FROM users \(filter(role))
        ORDER BY created_at DESC, id DESC LIMIT \(page.limit) OFFSET \(page.offset)
        """
    }

    private static func filter(_ role: Role?) -> SQL { role.map { "WHERE role = \($0)" } ?? "" }
}
