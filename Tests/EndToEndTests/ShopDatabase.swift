import Foundation
import Synchronization
import TestSupport

/// A real PostgreSQL with the reference API's tables, as `make run` makes them; one for all tests.
final class ShopDatabase: Sendable {
    private static let made = Mutex<ShopDatabase?>(nil)

    let server: PostgresServer
    var url: String { server.url() }

    /// The one for all tests, migrated.
    static func shared() throws -> ShopDatabase {
        try made.withLock { made in
            if let made { return made }
            let fresh = try ShopDatabase(server: PostgresServer.shared())
            made = fresh
            return fresh
        }
    }

    /// Applies the migrations to this server.
    init(server: PostgresServer) throws {
        self.server = server
        let process = Process()
        process.executableURL = Release.root.appending(path: "Functions/Database/migrate")
        process.environment = ProcessInfo.processInfo.environment.merging(["DATABASE_URL": server.url()]) { $1 }
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TestFailure("the migrations failed") }
    }
}
