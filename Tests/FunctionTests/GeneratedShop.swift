import Foundation
import FunctionKit
import Postgres
import TestSupport

/// A database with 100,000 users and 500,000 orders, made once for all tests by `Functions/Database/generate`.
enum GeneratedShop {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let made = Result { () throws -> (url: String, said: String) in
        let server = try PostgresServer.shared()
        let url = try server.makeDatabase()
        try server.migrate(url)
        return (url, try generate(url, []))
    }

    /// A pool on it, on the tests' loop.
    static func database() async throws -> PostgresPool {
        try await PostgresPool(shopStartup(url: made.get().url))
    }

    /// What the command said that made it.
    static func said() throws -> String { try made.get().said }

    /// Runs the command on a database that has the tables; what it said.
    static func generate(_ url: String, _ arguments: [String]) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = root.appendingPathComponent("Functions/Database/generate")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["DATABASE_URL": url]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: said) }
        return said
    }
}
