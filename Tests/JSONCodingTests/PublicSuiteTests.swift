import Foundation
import JSONCoding
import Testing

/// nst/JSONTestSuite, where it is installed: `$SWIFTLET_SUITES`, or `shared/suites` beside the package.
@Suite("The public JSON test suite")
struct PublicSuiteTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
    }

    static let folder: URL = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
            .standardized
        let suites =
            ProcessInfo.processInfo.environment["SWIFTLET_SUITES"].map {
                URL(filePath: $0, directoryHint: .isDirectory)
            }
            ?? package.appending(path: "../shared/suites").standardized
        return suites.appending(path: "json-parsing")
    }()

    static let isInstalled = FileManager.default.fileExists(atPath: folder.path())

    private static func cases(_ prefix: String) -> [Case] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { $0.hasPrefix(prefix) }.sorted().compactMap { name in
            (try? Data(contentsOf: folder.appending(path: name))).map {
                Case(testDescription: name, bytes: Array($0))
            }
        }
    }

    static let skipped: Comment =
        "the public JSON test suite is not installed; set SWIFTLET_SUITES to its folder"

    /// The suite has two documents with doubled keys, which we refuse unless told otherwise.
    @Test("what must parse does", .enabled(if: isInstalled, skipped), arguments: cases("y_"))
    func accepted(_ document: Case) throws {
        let isDoubled = document.testDescription.hasPrefix("y_object_duplicated_key")
        let limits = JSONLimits(allowsDoubledKeys: isDoubled)
        let value = try JSONValue.parse(document.bytes, limits: limits)
        #expect(try JSONValue.parse(value.serialize()) == value)
        #expect(throws: Never.self) {
            try JSONDecoding.decode(Tree.self, from: document.bytes, options: .init(limits: limits))
        }
        if isDoubled {
            let error = #expect(throws: JSONDecodingError.self) { try JSONValue.parse(document.bytes) }
            #expect(error?.kind == .doubledKey)
        }
    }

    @Test("what must be refused is", .enabled(if: isInstalled, skipped), arguments: cases("n_"))
    func refused(_ document: Case) {
        #expect(throws: JSONDecodingError.self) { try JSONValue.parse(document.bytes) }
        #expect(throws: JSONDecodingError.self) { try JSONDecoding.decode(Tree.self, from: document.bytes) }
        #expect(throws: JSONDecodingError.self) {
            try JSONValue.parse(document.bytes, limits: .init(maxDepth: .max, allowsDoubledKeys: true))
        }
    }

    @Test(
        "what may be either is decided alike by all readers", .enabled(if: isInstalled, skipped),
        arguments: cases("i_"))
    func either(_ document: Case) {
        let value = try? JSONValue.parse(document.bytes)
        let isValid = (try? JSONValue.validate(document.bytes)) != nil
        #expect((value != nil) == isValid)
        if value == nil {
            #expect(throws: JSONDecodingError.self) {
                try JSONDecoding.decode(Tree.self, from: document.bytes)
            }
        }
    }
}
