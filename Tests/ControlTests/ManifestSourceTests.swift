import Foundation
import Manifests
import Testing

@testable import Control

@Suite("Reading a manifest from a command")
struct ManifestSourceTests {
    /// The problems of a manifest, `line message` each.
    private static func problems(_ text: String, checkingExecutables: Bool = true) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "ManifestSource-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("manifest.yaml").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let report = ManifestSource.load(path, checkingExecutables: checkingExecutables)
        #expect(report.isBroken == (report.manifest == nil))
        return report.diagnostics.map { problem in
            "\(problem.line) \(problem.message.replacingOccurrences(of: folder.resolvingSymlinksInPath().path, with: "."))"
        }
    }

    @Test("missing executables and schemas that do not compile are told beside what else is wrong, in the file's order")
    func atOnce() throws {
        let found = try Self.problems(
            """
            swiftlet: 1
            name: shop
            executables: bin
            server: {threads: many}
            defaults: {auth: none}
            functions:
              List: {route: GET /list}
              Make:
                route: POST /make
                input: {body: {type: strange}}
              Shell: {route: GET /shell, run: {command: [/bin/sh]}}
            """)
        #expect(found.count == 4, "\(found)")
        #expect(found.map { $0.split(separator: " ")[0] } == ["4", "7", "8", "10"])
        #expect(found.contains { $0.hasPrefix("4 ") && $0.contains("threads") })
        #expect(found.contains { $0.hasPrefix("7 ") && $0.contains("bin/List of List does not exist") })
        #expect(found.contains { $0.contains("bin/Make of Make does not exist") })
        #expect(found.contains { $0.contains("strange") })
    }

    @Test("of a function in which something is wrong nothing is told that may only follow from it")
    func noConsequences() throws {
        let found = try Self.problems(
            """
            swiftlet: 1
            name: shop
            defaults: {auth: none}
            functions:
              List:
                route: GET /list
                run: {swft: Lister}
              Make: {route: POST /make}
            """)
        #expect(!found.contains { $0.contains("of List does not exist") })
        #expect(found.contains { $0.contains("of Make does not exist") })
        #expect(found.contains { $0.hasPrefix("7 ") && $0.contains("swft") })
    }

    @Test("without a folder of programs, and where none is looked for, no program is missed")
    func noFolder() throws {
        let manifest = "swiftlet: 1\nname: shop\ndefaults: {auth: none}\nfunctions: {List: {route: GET /list}}\n"
        let folder = try Self.problems(manifest + "executables: [bin]\n")
        #expect(folder.count == 1 && folder[0].contains("`executables`"))
        #expect(try Self.problems(manifest + "server: {threads: many}\n", checkingExecutables: false).count == 1)
        #expect(try Self.problems(manifest, checkingExecutables: false).isEmpty)
    }
}
