import FunctionKit
import TestSupport

/// A start for a function on a database of its own that has the first users.
func shopStartup() throws -> Startup {
    try .test(environment: ["DATABASE_URL": PostgresServer.shared().makeMigratedDatabase()])
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
