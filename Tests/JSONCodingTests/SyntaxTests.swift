import JSONCoding
import Testing

@Suite("What is JSON and what is not")
struct SyntaxTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var bytes: [UInt8]
        var offset: Int?
        var message: String
        var testDescription: String { String(decoding: bytes, as: UTF8.self) }
        init(_ text: String, _ offset: Int?, _ message: String) {
            self.init(Array(text.utf8), offset, message)
        }
        init(_ bytes: [UInt8], _ offset: Int?, _ message: String) {
            (self.bytes, self.offset, self.message) = (bytes, offset, message)
        }
    }

    static let structure: [Row] = [
        Row("", nil, "the document is empty"), Row(" \n\t\r", nil, "the document is empty"),
        Row([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], 0, "a byte-order mark is not allowed"),
        Row([0xFE, 0xFF, 0x00, 0x31], 0, "expected a value, found byte 0xFE"),
        Row("1 2", 2, "expected the end of the document, found '2'"),
        Row("{}}", 2, "expected the end of the document, found '}'"),
        Row([0x31, 0x00], 1, "expected the end of the document, found byte 0x00"),
        Row("[1,]", 3, "expected a value, found ']'"), Row("[,1]", 1, "expected a value, found ','"),
        Row("[1 2]", 3, "expected a comma or ']', found '2'"),
        Row("[1}", 2, "expected a comma or ']', found '}'"),
        Row("[", 1, "expected a value, found the end of the document"),
        Row("[1", 2, "expected a comma or ']', found the end of the document"),
        Row("{", 1, "expected a key in quotes, found the end of the document"),
        Row("{a:1}", 1, "expected a key in quotes, found 'a'"),
        Row("{1:1}", 1, "expected a key in quotes, found '1'"),
        Row(#"{"a" 1}"#, 5, "expected a colon, found '1'"), Row(#"{"a":}"#, 5, "expected a value, found '}'"),
        Row(#"{"a":1,}"#, 7, "expected a key in quotes, found '}'"),
        Row(#"{"a":1 "b":2}"#, 7, #"expected a comma or '}', found '"'"#),
        Row(#"{"a":1]"#, 6, "expected a comma or '}', found ']'"),
        Row("nul", 0, "expected a value, found 'n'"), Row("True", 0, "expected a value, found 'T'"),
        Row("truex", 4, "expected the end of the document, found 'x'"),
        Row("'a'", 0, "expected a value, found '''"),
        Row("// x\n1", 0, "expected a value, found '/'"),
        Row("\u{A0}1", 0, "expected a value, found byte 0xC2"),
        Row("NaN", 0, "expected a value, found 'N'"), Row("-Infinity", 1, "expected a digit, found 'I'"),
        Row("01", 1, "a number must not begin with a zero"),
        Row("-00", 2, "a number must not begin with a zero"),
        Row("+1", 0, "expected a value, found '+'"), Row(".5", 0, "expected a value, found '.'"),
        Row("1.", 2, "expected a digit, found the end of the document"),
        Row("1.e5", 2, "expected a digit, found 'e'"),
        Row("1e", 2, "expected a digit, found the end of the document"),
        Row("1e+x", 3, "expected a digit, found 'x'"),
        Row("0x10", 1, "expected the end of the document, found 'x'"),
    ]

    static let text: [Row] = [
        Row(#""abc"#, 4, "a string is not closed"), Row(#""abc\"#, 4, "a string is not closed"),
        Row(#""abc\""#, 6, "a string is not closed"),
        Row("\"a\nb\"", 2, "control characters in a string must be escaped"),
        Row("\"12345678\u{0}\"", 9, "control characters in a string must be escaped"),
        Row("\"\\n\u{1F}\"", 3, "control characters in a string must be escaped"),
        Row(#""\x""#, 1, "a string has an unknown escape"),
        Row(#""\u12""#, 1, "a string has an unknown escape"),
        Row(#""\u12G4""#, 1, "a string has an unknown escape"),
        Row(#""\U0041""#, 1, "a string has an unknown escape"),
        Row(#""\uD800""#, 1, "a string has half of a surrogate pair"),
        Row(#""\uDC00""#, 1, "a string has half of a surrogate pair"),
        Row(#""\uD800\uD800""#, 1, "a string has half of a surrogate pair"),
        Row(#""\uD800\n""#, 1, "a string has half of a surrogate pair"),
        Row(#"{"\uD800":1}"#, 2, "a string has half of a surrogate pair"),
        Row([0x22, 0x80, 0x22], 1, "the text is not UTF-8"),
        Row([0x22, 0xC3, 0x22], 1, "the text is not UTF-8"),
        Row([0x22, 0xC0, 0xAF, 0x22], 1, "the text is not UTF-8"),
        Row([0x22, 0xE0, 0x80, 0x80, 0x22], 1, "the text is not UTF-8"),
        Row([0x22, 0xED, 0xA0, 0x80, 0x22], 1, "the text is not UTF-8"),
        Row([0x22, 0xF0, 0x80, 0x80, 0x80, 0x22], 1, "the text is not UTF-8"),
        Row([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1, "the text is not UTF-8"),
        Row([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], 1, "the text is not UTF-8"),
        Row([0x22, 0xE2, 0x82], 1, "the text is not UTF-8"),
        Row([0x22, 0xF0, 0x9F, 0x98], 1, "the text is not UTF-8"),
        Row([0x22, 0x5C, 0x6E, 0xFF, 0x22], 3, "the text is not UTF-8"),
    ]

    static let faults: [Row] = structure + text

    @Test("a document with a fault is refused, with the byte where it is", arguments: SyntaxTests.faults)
    func refused(_ row: Row) throws {
        let error = try #require(throws: JSONDecodingError.self) { try JSONValue.parse(row.bytes) }
        #expect(error.message == row.message)
        #expect(error.offset == row.offset)
        #expect(error.kind == .syntax)
        #expect(throws: error) { try JSONDecoding.decode(Tree.self, from: row.bytes) }
        #expect(throws: error) { try JSONValue.validate(row.bytes) }
    }

    @Test(
        "escapes and UTF-8 of every length become the text that they say",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u4E2D\uD83D\uDE00""#, "Aé中😀"),
            (#""\u0000""#, "\u{0}"), ("\"é中😀\u{10FFFF}\u{FFFE}\"", "é中😀\u{10FFFF}\u{FFFE}"),
            (#""1234567\n12345678\n""#, "1234567\n12345678\n"), ("\"\u{7F}é\\t\u{80}\"", "\u{7F}é\t\u{80}"),
        ])
    func strings(_ text: String, _ string: String) throws {
        #expect(try value(String.self, from: text) == string)
        #expect(try value([String: Int].self, from: "{\(text):1}") == [string: 1])
        #expect(try parsed(text).stringValue == string)
    }

    @Test("a string of any length may lie at any distance from the end of the text")
    func stringLengths() throws {
        for length in 0..<40 {
            for filler in ["x", "é", "😀", "\\n"] {
                let body = String(repeating: "a", count: length) + filler
                let wanted = body.replacing("\\n", with: "\n")
                #expect(try value(String.self, from: "\"\(body)\"") == wanted)
                #expect(try json(wanted) == "\"\(body)\"")
                #expect(throws: JSONDecodingError.self) { try parsed("\"\(body)") }
            }
        }
    }
}
