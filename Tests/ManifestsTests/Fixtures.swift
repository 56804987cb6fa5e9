import Foundation

@testable import Manifests

/// The folder of broken and whole manifests, and a loader that sees nothing else.
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    /// What `${…}` may name in fixtures.
    static let environment = [
        "DATABASE_URL": "postgres://shop@localhost/shop", "RATES_URL": "https://rates.example.com/health",
        "JWT_SECRET": String(repeating: "k", count: 32), "PORT_TEXT": "eighty", "SHORT_SECRET": "hunter2",
    ]

    static func names(_ kind: String) -> [String] {
        let files =
            (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: kind).path())) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: path)))
    }

    /// Loads `KIND/NAME.yaml` as `manifest.yaml`; `KIND/NAME.env` is its `.env`, other files are in `Files`.
    static func load(_ kind: String, _ name: String) throws -> LoadedManifest {
        let bytes = try bytes("\(kind)/\(name).yaml")
        let allowsEverything = bytes.starts(with: Array("# everything".utf8))
        return ManifestLoader(allowing: allowsEverything ? .everything : .supported)
            .load(bytes: bytes, path: "manifest.yaml", environment: environment) { path in
                try file(path, kind: kind, name: name)
            }
    }

    private static func file(_ path: String, kind: String, name: String) throws -> [UInt8] {
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        let local = last == ".env" ? "\(kind)/\(name).env" : "Files/\(last)"
        if last == "Fixtures" { throw FileReadError.notAFile }
        guard FileManager.default.fileExists(atPath: folder.appending(path: local).path()) else {
            throw FileReadError.notFound
        }
        return try bytes(local)
    }

    /// Loads a text with `GetUser` at its end where it has no functions.
    static func load(
        _ text: String, allowing allowance: Allowance = .everything,
        environment: [String: String] = environment,
        files: [String: String] = [:]
    ) -> LoadedManifest {
        let reader: ManifestLoader.FileReader = { path in
            guard let text = files[path] else { throw FileReadError.notFound }
            return Array(text.utf8)
        }
        return ManifestLoader(allowing: allowance)
            .load(
                bytes: Array(text.utf8), path: "/srv/shop/manifest.yaml", environment: environment,
                fileReader: reader)
    }

    /// A whole manifest around some top-level lines and some lines of its one function.
    static func manifest(_ top: String = "", function: String = "") -> String {
        "swiftlet: 1\nname: shop\n\(top)\nfunctions:\n  GetUser:\n    route: GET /users/{id}\n    auth: none\n"
            + function.split(separator: "\n").map { "    \($0)\n" }.joined()
    }
}
