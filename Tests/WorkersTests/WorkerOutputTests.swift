import Testing

@testable import Workers

@Suite("Workers' output as log lines")
struct WorkerOutputTests {
    /// The lines of chunks fed one after the other.
    func lines(_ chunks: [[UInt8]]) -> [String] {
        var cutter = LineCutter()
        var found: [String] = []
        for chunk in chunks {
            chunk.withUnsafeBytes { cutter.feed($0) { found.append(String(decoding: $0, as: UTF8.self)) } }
        }
        cutter.finish { found.append(String(decoding: $0, as: UTF8.self)) }
        return found
    }

    @Test(
        "text becomes lines, wherever it is cut",
        arguments: [
            ("", []), ("one", ["one"]), ("one\n", ["one"]), ("one\ntwo\r\n\nthree", ["one", "two", "", "three"]),
            ("\n", [""]), ("\r\n\r\n", ["", ""]),
        ])
    func cut(text: String, expected: [String]) {
        let bytes = Array(text.utf8)
        #expect(lines([bytes]) == expected)
        #expect(lines(bytes.map { [$0] }) == expected)
    }

    @Test("a line without an end is cut at 16 KiB", arguments: [16_383, 16_384, 16_385, 40_000])
    func long(count: Int) {
        let found = lines([[UInt8](repeating: 97, count: count) + [10], Array("next\n".utf8)])
        #expect(found.dropLast().reduce(0) { $0 + $1.utf8.count } == count)
        #expect(found.allSatisfy { $0.utf8.count <= LineCutter.limit })
        #expect(found.count == (count + 16_383) / 16_384 + 1)
        #expect(found.last == "next")
    }

    @Test(
        "no line starts a second one or moves a cursor",
        arguments: [
            (Array("plain\ttext".utf8), "plain\ttext"), (Array("caf\u{e9} 日本".utf8), "caf\u{e9} 日本"),
            (Array("a\u{1b}[31mb".utf8), "a\\u{1b}[31mb"), ([97, 0xFF, 0xC3, 98], "a\\xff\\xc3b"),
            (Array("a\rb\u{7f}\u{85}\u{2028}".utf8), "a\\u{d}b\\u{7f}\\u{85}\\u{2028}"), ([0, 0xC3], "\\u{0}\\xc3"),
        ])
    func escape(bytes: [UInt8], expected: String) {
        #expect(bytes.withUnsafeBytes { LineText.escaped($0) } == expected)
    }

    @Test("a flood is cut down to 200 lines a second, and what is dropped is counted")
    func limit() {
        var limiter = OutputLimiter()
        var now = Instant(nanoseconds: 1)
        let first = (0..<1_500).compactMap { _ in limiter.admit(10, at: now) }
        #expect(first == Array(repeating: 0, count: 1_000))
        now = now + .seconds(1)
        let second = (0..<1_000).compactMap { _ in limiter.admit(10, at: now) }
        #expect(second.count == 200)
        #expect(second.first == 500)
        #expect(limiter.takeDrops() == 800)
        #expect(limiter.takeDrops() == 0)
    }

    @Test("long lines are limited by their bytes")
    func limitBytes() {
        var limiter = OutputLimiter()
        let passed = (0..<200).compactMap { _ in limiter.admit(16 * 1024, at: Instant(nanoseconds: 1)) }
        #expect(passed.count == 64)
    }

    @Test("the last 4 KiB are kept, escaped")
    func tail() {
        var tail = OutputTail()
        for number in 0..<10_000 { Array("line \(number)\r\n".utf8).withUnsafeBytes { tail.append($0) } }
        #expect(tail.text.hasSuffix("line 9998\nline 9999"))
        #expect(tail.text.utf8.count <= OutputTail.limit)
        Array("\u{1b}]0;title\u{7}\n".utf8).withUnsafeBytes { tail.append($0) }
        #expect(tail.text.hasSuffix("\\u{1b}]0;title\\u{7}"))
    }
}
