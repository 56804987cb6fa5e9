import FunctionKit
import Postgres
import Shop

/// Finds one user by the id in the path: anybody for admins and support, for others only themselves.
@main struct GetUser: Function {
    struct Input: Decodable, Sendable {
        var id: Int
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> User {
        guard Visibility(context.caller).includes(input.id) else { throw APIError.notFound("user") }
        let user = try await database.queryOne(Self.user(input.id), as: User.self)
        guard let user else { throw APIError.notFound("user") }
        return user
    }

    static func user(_ id: Int) -> SQL { "SELECT \(User.columns) FROM users WHERE id = \(id)" }
}
