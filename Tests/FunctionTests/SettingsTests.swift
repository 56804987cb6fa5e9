import Foundation
import Testing

/// `.env` as `make run` makes it.
@Suite struct SettingsTests {
    /// A folder that goes when the test does.
    final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString)").path
        var file: String { path + "/.env" }

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        /// The file's lines.
        func lines() throws -> [String] {
            try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
        }

        /// Runs the script; what it said.
        func run(_ url: String = "", environment: [String: String] = [:]) throws -> String {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            let process = Process()
            process.executableURL = root.appendingPathComponent("Functions/Database/settings")
            process.arguments = [file, url]
            process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
            let output = Pipe()
            process.standardError = output
            process.standardOutput = output
            try process.run()
            let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(said)")
            return said
        }
    }

    @Test("a new file has a secret of its own and the address, only its owner reads it, and it is said in one line")
    func made() throws {
        let folders = [try Folder(), try Folder()]
        var secrets: Set<String> = []
        for folder in folders {
            let said = try folder.run("postgresql:///postgres?host=/tmp/x&user=postgres")
            #expect(said.split(separator: "\n").count == 1)
            let lines = try folder.lines().filter { !$0.hasPrefix("#") }
            #expect(lines.count == 2)
            #expect(lines.last == "DATABASE_URL=postgresql:///postgres?host=/tmp/x&user=postgres")
            let secret = try #require(lines.first)
            #expect(secret.hasPrefix("JWT_SECRET=") && secret.utf8.count == 11 + 96)
            #expect(!said.contains(secret.dropFirst(11)))
            secrets.insert(secret)
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            // The second time there is nothing to do and nothing to say.
            let before = try folder.lines()
            #expect(try folder.run("postgresql:///other").isEmpty)
            #expect(try folder.lines() == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [".env"])
        }
        #expect(secrets.count == 2)
    }

    @Test(
        "a file that is there gets a secret only when there is none, and keeps what it has",
        arguments: [
            ("A=1", true), ("A=1\n", true), ("", true), ("# JWT_SECRET=x\n", true), ("MY_JWT_SECRET=x\n", true),
            ("JWT_SECRET=x", false), ("A=1\n  export JWT_SECRET=\"x\"\n", false),
        ])
    func there(text: String, isAdded: Bool) throws {
        let folder = try Folder()
        try text.write(toFile: folder.file, atomically: false, encoding: .utf8)
        let said = try folder.run("postgresql:///postgres")
        #expect(said.isEmpty == !isAdded)
        var lines = try folder.lines()
        if isAdded {
            let last = try #require(lines.last)
            lines.removeLast()
            #expect(last.hasPrefix("JWT_SECRET=") && last.utf8.count == 11 + 96)
        }
        #expect(lines == text.split(separator: "\n").map(String.init))
    }

    @Test("what the environment has is not written down")
    func environment() throws {
        let folder = try Folder()
        #expect(try folder.run(environment: ["JWT_SECRET": "x"]).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder.file))
        _ = try folder.run("postgresql:///postgres", environment: ["JWT_SECRET": "x"])
        #expect(try folder.lines().filter { !$0.hasPrefix("#") } == ["DATABASE_URL=postgresql:///postgres"])
        #expect(try folder.run(environment: ["JWT_SECRET": "x"]).isEmpty)
        #expect(try folder.run(environment: ["JWT_SECRET": ""]).contains("JWT_SECRET"))
    }
}
