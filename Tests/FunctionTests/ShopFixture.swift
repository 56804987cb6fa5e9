import FunctionKit
import Postgres
import TestSupport

/// A start for a function on a database of its own that has the first users.
func shopStartup() throws -> Startup {
    try shopStartup(url: PostgresServer.shared().makeMigratedDatabase())
}

/// A start for a function on this database. On a busy machine statements may wait long for a connection.
func shopStartup(url: String) throws -> Startup {
    try .test(environment: ["DATABASE_URL": url, "SWIFTLET_DATABASE_CONNECTION_TIMEOUT": "2m"])
}

extension Caller {
    /// The first of the generated users, an administrator.
    static let admin = Caller(id: "1", roles: ["admin"])
    /// The second, of the support.
    static let support = Caller(id: "2", roles: ["support"])
    /// A customer.
    static func customer(_ id: Int) -> Caller { Caller(id: "\(id)", roles: ["customer"]) }
}

/// The `APIError` that the operation threw; nil for anything else.
func apiError(_ operation: () async throws -> Void) async -> APIError? {
    do {
        try await operation()
        return nil
    } catch {
        return error as? APIError
    }
}

/// How the operation ended: `done`, an `APIError`'s code, or another error's text.
func outcome(_ operation: () async throws -> Void) async -> String {
    do {
        try await operation()
        return "done"
    } catch let error as APIError {
        return error.code
    } catch {
        return "\(error)"
    }
}

/// How many pieces there are of a product; nil where there is no such product.
func stock(_ database: PostgresPool, _ product: Int) async throws -> Int? {
    try await database.queryOne("SELECT stock FROM products WHERE id = \(product)", as: Int.self)
}

/// How many rows a table has.
func count(_ database: PostgresPool, _ table: String) async throws -> Int? {
    try await database.queryOne("SELECT count(*) FROM \(identifier: table)", as: Int.self)
}
