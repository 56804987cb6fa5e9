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
        let filter: SQL =
            if let last = try input.page.position(as: Position.self) {
                "WHERE (created_at, id) < (\(last.createdAt), \(last.id))"
            } else {
                ""
            }
        // One more than asked for tells whether there is another page.
        let users = try await database.query(
            """
            SELECT \(User.columns) FROM users \(filter)
            ORDER BY created_at DESC, id DESC LIMIT \(input.page.limit + 1)
            """, as: User.self)
        guard users.count > input.page.limit else { return Page(users, next: nil) }
        let page = Array(users.prefix(input.page.limit))
        return try Page(page, nextPosition: page.last.map(Position.init))
    }
}
