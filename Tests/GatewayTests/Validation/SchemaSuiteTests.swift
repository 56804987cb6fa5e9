import Foundation
import JSONCoding
import Testing

@testable import Gateway

/// JSON-Schema-Test-Suite, draft 2020-12, where it is installed: `$SWIFTLET_SUITES`, or `shared/suites` beside the
/// package.
@Suite("The public JSON Schema suite")
struct SchemaSuiteTests {
    static let folder = PublicSuites.folder("json-schema/draft2020-12")

    static let isInstalled = FileManager.default.fileExists(atPath: folder.path())

    static let skipped: Comment =
        "the public JSON Schema suite is not installed; set SWIFTLET_SUITES to the folder that holds it"

    /// Groups that need documents from `http://localhost:1234`.
    static let remoteGroups: Set<String> = [
        "strict-tree schema, guards against misspelled properties",
        "tests for implementation dynamic anchor and reference link",
        "$ref and $dynamicAnchor are independent of order - $defs first",
        "$ref and $dynamicAnchor are independent of order - $ref first",
        "$ref to $dynamicRef finds detached $dynamicAnchor",
        "schema that uses custom metaschema with with no validation vocabulary",
        "ignore unrecognized optional vocabulary",
    ]

    /// What came of the cases of some files.
    struct Outcome {
        var passed = 0
        var failed: [String] = []
        var remote: Set<String> = []
    }

    private func run(_ files: [URL], _ options: CompiledSchema.Options) throws -> Outcome {
        var outcome = Outcome()
        for file in files {
            let groups = try JSONValue.parse(Array(Data(contentsOf: file))).arrayValue ?? []
            for group in groups { run(group, file.lastPathComponent, options, &outcome) }
        }
        return outcome
    }

    private func run(_ group: JSONValue, _ file: String, _ options: CompiledSchema.Options, _ outcome: inout Outcome) {
        let name = group["description"]?.stringValue ?? ""
        let compiled: CompiledSchema
        do throws(SchemaProblems) {
            compiled = try CompiledSchema(json: group["schema"]?.description ?? "", options: options)
        } catch {
            if error.list.allSatisfy({ $0.missing?.hasPrefix("http://localhost:1234/") == true }) {
                outcome.remote.insert(name)
            } else {
                outcome.failed.append("\(file): \(name): \(error.list)")
            }
            return
        }
        for test in group["tests"]?.arrayValue ?? [] {
            let faults = try? compiled.faults(test["data"]?.description ?? "")
            if faults?.isEmpty == test["valid"]?.boolValue {
                outcome.passed += 1
            } else {
                outcome.failed.append("\(file): \(name): \(test["description"]?.stringValue ?? "")")
            }
        }
    }

    private func files(_ path: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: path), includingPropertiesForKeys: nil
        )
        .filter { $0.pathExtension == "json" && $0.lastPathComponent != "refRemote.json" }
        .sorted { $0.path() < $1.path() }
    }

    @Test(
        "every case of the required part, and of the formats that are asserted, passes",
        .enabled(if: isInstalled, skipped))
    func suite() throws {
        let required = try run(files(""), .init(assertsFormat: false))
        let formats = try run(files("optional/format"), .init(assertsFormat: true))
        #expect(required.failed == [])
        #expect(formats.failed == [])
        #expect(required.remote == Self.remoteGroups)
        #expect(formats.remote.isEmpty)
        #expect(required.passed > 1200 && formats.passed > 400)
        print("JSON Schema suite: \(required.passed + formats.passed) cases passed")
    }
}
