import Foundation
import Testing

@testable import Manifests

@Suite("Broken manifests and what is said about them")
struct GoldenDiagnosticsTests {
    static let names = Fixtures.names("Invalid")

    @Test("there are enough broken manifests")
    func count() {
        #expect(Self.names.count >= 45)
    }

    @Test("each broken manifest gives exactly the text beside it", arguments: names)
    func golden(_ name: String) throws {
        let loaded = try Fixtures.load("Invalid", name)
        #expect(loaded.manifest == nil)
        let text = loaded.diagnostics.map { $0.description + "\n" }.joined()
        let golden = Fixtures.folder.appending(path: "Invalid/\(name).txt")
        if ProcessInfo.processInfo.environment["SWIFTLET_UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: golden)
            return
        }
        let expected = (try? String(contentsOf: golden, encoding: .utf8)) ?? ""
        #expect(text == expected, "\(name).txt differs:\n\(Self.difference(expected, text))")
    }

    @Test("no sentence shows a value from the environment", arguments: names)
    func conceals(_ name: String) throws {
        let text = try Fixtures.load("Invalid", name).diagnostics.map(\.description).joined()
        #expect(!text.contains("hunter2") && !text.contains("eighty"))
    }

    /// The lines of either text that the other has not.
    private static func difference(_ expected: String, _ found: String) -> String {
        let old = expected.split(separator: "\n").map(String.init)
        let new = found.split(separator: "\n").map(String.init)
        return new.difference(from: old).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }.joined(separator: "\n")
    }
}
