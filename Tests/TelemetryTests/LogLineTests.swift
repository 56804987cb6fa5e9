import JSONCoding
import Logging
import Testing

@testable import Telemetry

@Suite struct LogLineTests {
    @Test("a JSON line has time, level and message first, and is one object")
    func json() {
        var line = LogLine(.json, level: .warning, message: "worker ended", at: 1_763_693_700_123)
        line.add("function", "Hello")
        line.add("pid", 42)
        line.add("cold", true)
        line.add("ms", 1.5)
        let text = String(decoding: line.finish(), as: UTF8.self)
        #expect(
            text
                == #"{"time":"2025-11-21T02:55:00.123Z","level":"warning","message":"worker ended","function":"Hello","pid":42,"cold":true,"ms":1.5}"#
                + "\n")
    }

    @Test(
        "user data never makes a second line, in either style",
        arguments: ["a\nb", "a\r\nb", "\u{1B}[31mred", "a\0b", "a\u{7F}b"])
    func oneLine(text: String) throws {
        for style in [LogStyle.json, .text] {
            var line = LogLine(style, level: .info, message: text)
            line.add("url", text)
            line.add(dynamic: "key", text)
            let bytes = line.finish()
            #expect(bytes.count(where: { $0 < 32 }) == 1)
            #expect(bytes.last == 10)
        }
    }

    @Test("text style names the level from warning on")
    func text() {
        #expect(String(decoding: LogLine(.text, level: .info, message: "hello").finish(), as: UTF8.self) == "hello\n")
        #expect(
            String(decoding: LogLine(.text, level: .error, message: "no").finish(), as: UTF8.self) == "error: no\n")
    }
}
