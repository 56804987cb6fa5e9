import Foundation
import Testing

/// `.ci/lint` over small trees that break one rule each: the check must fail, and name the place.
@Suite struct LintTests {
    struct Outcome {
        let status: Int32
        let output: String
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Runs the check over a tree of one file, format left out.
    func lint(_ path: String, _ text: String) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lint-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        let process = Process()
        process.executableURL = Self.root.appending(path: ".ci/lint")
        process.arguments = [folder.path(percentEncoded: false)]
        process.environment = ProcessInfo.processInfo.environment.merging(["LINT_SKIP_FORMAT": "1"]) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    @Test("a tree that breaks no rule passes")
    func passes() throws {
        let outcome = try lint("Runtime/Gateway/Clean.swift", "import Manifests\n\nlet one = 1\n")
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test(
        "a forbidden import is found in every spelling",
        arguments: [
            ("Runtime/Gateway/A.swift", "import Workers", "Gateway must not import Workers"),
            ("Runtime/Gateway/A.swift", "import NIOCore", "Gateway must not import NIOCore"),
            ("Runtime/WorkerLoop/A.swift", "import Foundation", "WorkerLoop must not import Foundation"),
            ("Runtime/FunctionKit/A.swift", "public import NIOCore", "FunctionKit must not import NIOCore"),
            ("Runtime/FunctionKit/A.swift", "@_exported import Postgres", "FunctionKit must not import Postgres"),
            ("Runtime/HTTPServing/A.swift", "@testable import Manifests", "HTTPServing must not import Manifests"),
            ("Runtime/Postgres/A.swift", "import struct Foundation.Date", "Postgres must not import Foundation"),
            ("Runtime/Workers/Pool/A.swift", "import NIOPosix", "only Workers/Process may import NIOPosix"),
            ("Runtime/Nowhere/A.swift", "import Glibc", "module Nowhere is not in .ci/edges"),
            ("Functions/Hello/Hello.swift", "import Foundation", "Functions must not import Foundation"),
        ])
    func forbiddenImport(path: String, line: String, complaint: String) throws {
        let outcome = try lint(path, line + "\n")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("\(path):1: \(complaint)"), "\(outcome.output)")
    }

    @Test(
        "a word that code must not have is found",
        arguments: [
            ("fatalError(\"no\")", "fatalError"), ("let x = try! f()", "try!"), ("let x = y!", "a force unwrap"),
            ("let x = z[0]!", "a force unwrap"), ("let x = y as! Int", "as!"),
        ])
    func forbiddenWord(line: String, complaint: String) throws {
        let outcome = try lint("Runtime/Gateway/A.swift", "let one = 1\n" + line + "\n")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("Runtime/Gateway/A.swift:2: \(complaint)"), "\(outcome.output)")
    }

    @Test(
        "what only looks like such a word passes",
        arguments: [
            "let x = y!  // Safe: it was set above", "// Safe: it was set above\nlet x = y!", "let text = \"stop!\"",
            "if a != b { c() }", "// never try! this", "if !flag { c() }",
        ])
    func harmlessWord(lines: String) throws {
        let outcome = try lint("Runtime/Gateway/A.swift", lines + "\n")
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test("a file of 401 lines is found, one of 400 is not")
    func length() throws {
        let long = try lint("Runtime/Gateway/A.swift", String(repeating: "\n", count: 401))
        #expect(long.status == 1)
        #expect(long.output.contains("Runtime/Gateway/A.swift: 401 lines"))
        #expect(try lint("Runtime/Gateway/A.swift", String(repeating: "\n", count: 400)).status == 0)
    }
}
