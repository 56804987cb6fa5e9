import Foundation
import TestSupport

/// The reference API as the repository's own manifest has it, over a real PostgreSQL of its own.
struct ServedShop {
    /// For manifests of a test's own that have functions of the reference API: its database and its tokens.
    static let top = """
        database: {url: "${DATABASE_URL}", connections: 20}
        auth: {jwt: {secret: "${JWT_SECRET}", algorithms: [HS256]}}
        """

    let database: ShopDatabase
    let served: ServedAPI
    /// What the manifest needs: for commands that read it.
    let environment: [String: String]

    /// With the tables and what the migrations fill them with. `rateLimit`: every limit of the manifest; nil: as it has
    /// them. `environment` is the server's, too.
    init(rateLimit: Int? = 1_000_000, environment: [String: String] = [:]) throws {
        database = try ShopDatabase.fresh()
        var all = [
            "DATABASE_URL": database.url, "JWT_SECRET": TestToken.secret, "PORT": "0",
            "REPORTS_KEY_SHA256": TestToken.sha256(ShopCaller.goodKey),
        ]
        all["RATE_LIMIT"] = rateLimit.map { "\($0)" }
        self.environment = all.merging(environment) { $1 }
        served = try ServedAPI(folder: Self.makeFolder(), environment: self.environment)
    }

    /// A connection of that caller, who names paths without the prefix.
    func client(_ caller: ShopCaller = .admin) throws -> APIClient {
        try client(headers: caller.headers)
    }

    /// A connection on which every request has these fields.
    func client(headers: [String]) throws -> APIClient {
        try APIClient(port: served.port, prefix: "/api", headers: headers)
    }

    /// A folder with the manifest as it is, beside what it names.
    static func makeFolder() throws -> String {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.appending(path: "swiftlet-e2e-\(UUID().uuidString)")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        try manager.copyItem(
            at: Release.root.appending(path: "manifest.yaml"), to: folder.appending(path: "manifest.yaml"))
        for name in ["Functions", ".build"] {
            try manager.createSymbolicLink(
                at: folder.appending(path: name), withDestinationURL: Release.root.appending(path: name))
        }
        return folder.path(percentEncoded: false)
    }
}
