import FunctionKit
import Postgres
import Shop

/// Creates a user; a customer unless `role` says otherwise. Without a password the user cannot sign in.
@main struct CreateUser: Function {
    struct Input: Decodable, Sendable {
        var name: String
        var email: String
        var role: String?
        var password: String?
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> Created<User> {
        let new = try NewUser(input)
        do {
            let user = try await database.queryOne(
                """
                INSERT INTO users (name, email, role, password_hash)
                VALUES (\(new.name), \(new.email), \(new.role), crypt(\(new.password)::text, gen_salt('bf', 10)))
                RETURNING \(User.columns)
                """, as: User.self)
            guard let user else { throw APIError(.internalError, cause: "INSERT returned no row") }
            return Created(user, location: "\(context.path)/\(user.id)")
        } catch let error as PostgresError where error.sqlState == .uniqueViolation {
            throw APIError.conflict("A user with this e-mail address exists already")
        }
    }
}
