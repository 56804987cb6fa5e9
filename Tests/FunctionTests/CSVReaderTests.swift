import Testing

@testable import ImportProducts

@Suite struct CSVReaderTests {
    /// The records as `line: field|field`, read in parts of this size.
    static func read(_ text: String, parts size: Int) throws -> [String] {
        var reader = CSVReader()
        var records: [String] = []
        func take(_ record: CSVRecord) {
            records.append("\(record.line): " + (0..<record.count).map { record.text($0) }.joined(separator: "|"))
        }
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            try reader.read(bytes[start..<min(start + size, bytes.count)], record: take)
        }
        try reader.end(record: take)
        return records
    }

    @Test(
        "records are read whatever the parts they come in",
        arguments: [
            ("", []),
            ("a", ["1: a"]),
            ("a,b\nc,d\n", ["1: a|b", "2: c|d"]),
            ("a,b\r\nc,d\r\n", ["1: a|b", "2: c|d"]),
            ("a,b\nc,d", ["1: a|b", "2: c|d"]),
            ("\u{FEFF}a,b\n", ["1: a|b"]),
            ("a,,b,\n", ["1: a||b|"]),
            ("\n\na\n\n\nb\n\n", ["3: a", "6: b"]),
            ("\"a,b\",\"c\"\"d\"\n", ["1: a,b|c\"d"]),
            ("\"a\nb\",c\nd,e", ["1: a\nb|c", "3: d|e"]),
            ("\"\"\n", ["1: "]),
            ("\"\",\"\"", ["1: |"]),
            ("a b , c\n", ["1: a b | c"]),
            ("ä,日本\n", ["1: ä|日本"]),
        ] as [(String, [String])])
    func records(text: String, expected: [String]) throws {
        for size in [1, 2, 3, 1000] { #expect(try Self.read(text, parts: size) == expected) }
    }

    @Test(
        "what is no CSV is refused, with its line",
        arguments: [
            ("a\nb,\"c", 2, "A quoted field has no end"),
            ("a\n\"b\nc\nd", 2, "A quoted field has no end"),
            ("a\n\"b\"c\n", 2, "Text follows the end of a quoted field"),
            ("a\nb\"c\n", 2, "A quote stands in a field that does not begin with one"),
            ("a\rb\n", 1, "A carriage return stands alone"),
            ("a\n\nb\r", 3, "A carriage return stands alone"),
            ("\u{FEFF}\u{FEFF}\"a\"\"", 1, "A quote stands in a field that does not begin with one"),
        ] as [(String, Int, String)])
    func faults(text: String, line: Int, message: String) {
        for size in [1, 7, 100_000] {
            #expect(throws: CSVReader.Fault(line: line, message: message)) { try Self.read(text, parts: size) }
        }
    }

    @Test("a record that is too long is refused where it begins, in one line or over many")
    func long() throws {
        for filler in ["x", "\n"] {
            let fits = "a\n\"" + String(repeating: filler, count: CSVReader.maximumRecord)
            #expect(try Self.read(fits + "\"", parts: 1000).count == 2)
            let fault = CSVReader.Fault(line: 2, message: "The line is longer than 16384 bytes")
            #expect(throws: fault) { try Self.read(fits + "x\"", parts: 1000) }
        }
    }

    @Test(
        "the commas count too, whatever the parts they come in, and nothing is kept of them after the line",
        arguments: [",", "\"\","], [1, 1000, 1 << 20])
    func manyFields(field: String, size: Int) throws {
        let full = String(repeating: field, count: CSVReader.maximumRecord)
        let records = try Self.read("a\n\(full)\n\(full)\nb", parts: size)
        #expect(records.map(\.utf8.count) == [4, 3 + CSVReader.maximumRecord, 3 + CSVReader.maximumRecord, 4])
        #expect(records.last == "4: b")
        let fault = CSVReader.Fault(line: 2, message: "The line is longer than 16384 bytes")
        for more in [field + "\n", "x", String(repeating: field, count: 3616) + "\nb\n"] {
            #expect(throws: fault) { try Self.read("a\n\(full)\(more)", parts: size) }
        }
    }
}
