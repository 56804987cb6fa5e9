import Foundation
import Synchronization
import TestSupport

/// A database with the reference API's tables, as `make run` makes them, on a real PostgreSQL.
final class ShopDatabase: Sendable {
    private static let made = Mutex<ShopDatabase?>(nil)

    let server: PostgresServer
    let name: String
    var url: String { server.url(name) }

    /// The one for all tests, migrated.
    static func shared() throws -> ShopDatabase {
        try made.withLock { made in
            if let made { return made }
            let fresh = try ShopDatabase(server: PostgresServer.shared())
            made = fresh
            return fresh
        }
    }

    /// One that nobody else has, on the server that all share.
    static func fresh() throws -> ShopDatabase {
        let server = try PostgresServer.shared()
        let url = try server.makeMigratedDatabase()
        return ShopDatabase(server, name: String(url.dropFirst("postgresql:///".count).prefix { $0 != "?" }))
    }

    /// Applies the migrations to this server's first database.
    convenience init(server: PostgresServer) throws {
        try server.migrate(server.url())
        self.init(server, name: "postgres")
    }

    private init(_ server: PostgresServer, name: String) {
        self.server = server
        self.name = name
    }

    /// Runs a statement; what it answers, a line a row, with `|` between columns.
    @discardableResult
    func run(_ statement: String) throws -> String {
        try server.run(statement, database: name).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The numbers that a statement answers, of all rows and columns, in their order.
    func numbers(_ statement: String) throws -> [Int] {
        try run(statement).split { $0 == "\n" || $0 == "|" }.map { text in
            guard let number = Int(text) else { throw TestFailure("no number: \(text)") }
            return number
        }
    }

    /// The only number that a statement answers.
    func number(_ statement: String) throws -> Int {
        let numbers = try numbers(statement)
        guard let number = numbers.first, numbers.count == 1 else { throw TestFailure("\(numbers) is no number") }
        return number
    }
}
