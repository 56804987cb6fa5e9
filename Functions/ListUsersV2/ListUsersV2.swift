import FunctionKit
import Postgres
import Shop

/// Lists users, newest first, each page after the last user of the one before it. New users do not shift the pages,
/// and the thousandth page is found as fast as the first.
@main struct ListUsersV2: Function {
    struct Input: Decodable, Sendable {
        var page: PageRequest
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> Page<User> {
        let last = try input.page.position(as: Position.self)
        let users = try await database.query(Self.users(after: last, limit: input.page.limit + 1), as: User.self)
        // One more than asked for tells whether there is another page.
        guard users.count > input.page.limit else { return Page(users, next: nil) }
        let page = Array(users.prefix(input.page.limit))
        return try Page(page, nextPosition: page.last.map { Position(createdAt: $0.createdAt, id: $0.id) })
    }

    static func users(after last: Position?, limit: Int) -> SQL {
        let filter: SQL = last.map { "WHERE (created_at, id) < (\($0.createdAt), \($0.id))" } ?? ""
        return "SELECT \(User.columns) FROM users \(filter) ORDER BY created_at DESC, id DESC LIMIT \(limit)"
    }
}
