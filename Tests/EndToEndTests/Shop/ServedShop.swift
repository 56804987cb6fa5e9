import Foundation
import TestSupport

/// The reference API as the repository's own manifest has it, over a real PostgreSQL of its own.
struct ServedShop {
    static let top = """
        database: {url: "${DATABASE_URL}", connections: 20}
        """

    let database: ShopDatabase
    let served: ServedAPI

    /// With the tables and what the migrations fill them with; `environment` is the server's.
    init(environment: [String: String] = [:]) throws {
        database = try ShopDatabase.fresh()
        served = try ServedAPI(
            functions: Self.functions, top: Self.top,
            environment: ["DATABASE_URL": database.url].merging(environment) { $1 })
    }

    /// The part of `manifest.yaml` below `functions:`.
    static var functions: String {
        get throws {
            let file = Release.root.appending(path: "manifest.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            guard let start = text.range(of: "\nfunctions:\n") else { throw TestFailure("no functions: \(text)") }
            return String(text[start.upperBound...])
        }
    }
}
