import Foundation
import Testing

@testable import Manifests

@Suite("Files made to do harm")
struct HostileInputTests {
    @Test("a file over 1 MiB is refused before it is parsed")
    func large() {
        let loaded = Fixtures.load("swiftlet: 1\n#" + String(repeating: "x", count: 1 << 20))
        #expect(loaded.diagnostics.map(\.message) == ["the manifest is larger than 1MiB"])
    }

    @Test(
        "deep nesting is an error and nothing else",
        arguments: ["[", "{a: ", "- ", "? ", "a: {", "[{"])
    func deep(_ unit: String) {
        let loaded = Fixtures.load(String(repeating: unit, count: 250_000 / unit.utf8.count))
        #expect(loaded.manifest == nil)
        #expect(loaded.diagnostics.count >= 1)
    }

    @Test("nesting beyond what the parser takes is said in one sentence")
    func nesting() {
        let loaded = Fixtures.load("a: " + String(repeating: "[", count: 70_000))
        #expect(loaded.diagnostics.map(\.message) == ["this is nested too deeply"])
    }

    @Test("nesting in lines is an error and nothing else")
    func deepLines() {
        let text = (0..<900).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(Fixtures.load(text).manifest == nil)
    }

    @Test(
        "a bomb of aliases is refused wherever it is put",
        arguments: [
            "x: *z\n", "? *z\n: x\n", "*z : x\n", "[*z, *z]: x\n", "server: {*z : 1}\n", "? [*z]\n: *z\n",
        ])
    func bomb(_ use: String) {
        var text = "swiftlet: 1\na: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (name, before) in zip("bcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxy") {
            text += "\(name): &\(name) [*\(before), *\(before), *\(before), *\(before), *\(before)]\n"
        }
        let loaded = Fixtures.load(text + use)
        #expect(loaded.manifest == nil)
        #expect(!loaded.diagnostics.isEmpty)
    }

    @Test("a thousand unknown keys give a list with an end")
    func manyProblems() {
        let lines = (0..<1000).map { "unknown\($0): 1\n" }.joined()
        let loaded = Fixtures.load(lines)
        #expect(loaded.diagnostics.count == 201)
        #expect(loaded.diagnostics.last?.message.hasPrefix("803 more problems") == true)
    }

    @Test("a byte-order mark is skipped, UTF-16 is named")
    func byteOrderMarks() {
        let loader = ManifestLoader(allowing: .supported)
        let text = Array(Fixtures.manifest().utf8)
        let reader: ManifestLoader.FileReader = { _ in throw FileReadError.notFound }
        let marked = loader.load(
            bytes: [0xEF, 0xBB, 0xBF] + text, path: "m.yaml", environment: [:], fileReader: reader)
        #expect(marked.manifest != nil)
        let wide = loader.load(
            bytes: [0xFF, 0xFE, 0x61, 0], path: "m.yaml", environment: [:], fileReader: reader)
        #expect(wide.diagnostics.map(\.message) == ["the manifest is UTF-16"])
    }

    @Test("Windows line ends do not matter")
    func carriageReturns() {
        let text = Fixtures.manifest("secret: ${S}").replacing("\n", with: "\r\n")
        let secret = String(repeating: "s", count: 32)
        let loaded = Fixtures.load(text, files: ["/srv/shop/.env": "# x\r\nS=\(secret)\r\n"])
        #expect(loaded.manifest?.secret == secret)
    }

    @Test("cut and changed manifests never trap, and are a manifest or have an error", arguments: 0..<40)
    func mutated(_ seed: Int) throws {
        var random = SplitMix(state: UInt64(seed) &* 0x9E37_79B9 &+ 1)
        let name = ["contract", "everything", "supported"][seed % 3]
        let original = try Fixtures.bytes("Valid/\(name).yaml")
        let marks = Array("{}[]:#&*!|>'\"%@`,?- \n\t$".utf8)
        let reader: ManifestLoader.FileReader = { _ in throw FileReadError.notFound }
        for _ in 0..<25 {
            var bytes = original
            for _ in 0...Int(random.next() % 4) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                case 2:
                    bytes.insert(marks[Int(random.next() % UInt64(marks.count))], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + Int(random.next() % 64)))
                }
            }
            let loaded = ManifestLoader(allowing: .everything).load(
                bytes: bytes, path: "m.yaml", environment: Fixtures.environment, fileReader: reader)
            #expect((loaded.manifest == nil) == loaded.diagnostics.contains { $0.severity == .error })
        }
    }
}

/// A generator whose numbers are the same in every run.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
