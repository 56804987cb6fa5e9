import JSONCoding
import Testing

@Suite("Limits and hostile documents")
struct HostileInputTests {
    @Test(
        "arrays and objects may be nested as deep as the limit says and no deeper",
        arguments: ["[", "{\"a\":"])
    func depth(_ opening: String) {
        let closing = opening == "[" ? "]" : "}"
        func text(_ depth: Int) -> String {
            String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
        }
        #expect(throws: Never.self) { try parsed(text(128)) }
        #expect(throws: Never.self) { try value(Tree.self, from: text(128)) }
        let error = #expect(throws: JSONDecodingError.self) { try parsed(text(129)) }
        #expect(error?.kind == .tooDeep)
        #expect(error?.message == "arrays and objects are nested deeper than 128")
        #expect(error?.offset == 128 * opening.utf8.count)
        #expect(failure(Tree.self, from: text(4), options: .init(maxDepth: 3))?.kind == .tooDeep)
        #expect(failure(Tree.self, from: "1", options: .init(maxDepth: 0)) == nil)
    }

    @Test("the deepest nesting that can be allowed neither parses, compares, writes nor ends badly")
    func deepest() throws {
        let depth = JSONLimits.deepestNesting
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let limits = JSONLimits(maxDepth: .max)
        let value = try parsed(text, limits: limits)
        #expect(value == (try parsed(text, limits: limits)))
        #expect(value.description == text)
        #expect(throws: JSONDecodingError.self) { try parsed("[\(text)]", limits: limits) }
    }

    @Test("ten thousand levels are refused, closed or not", arguments: ["[", "{\"a\":", "[{\"a\":"])
    func tenThousandLevels(_ opening: String) {
        let text = String(repeating: opening, count: 10_000)
        #expect(throws: JSONDecodingError.self) { try parsed(text) }
        #expect(failure(Tree.self, from: text)?.kind == .tooDeep)
    }

    @Test("a document longer than the limit is refused unread")
    func length() {
        let error = #expect(throws: JSONDecodingError.self) {
            try parsed("[1,2]", limits: .init(maxBytes: 4))
        }
        #expect(error?.kind == .tooLong)
        #expect(error?.description == "the document is longer than 4 bytes")
        #expect(throws: Never.self) { try parsed("[1,2]", limits: .init(maxBytes: 5)) }
        #expect(throws: JSONDecodingError.self) { try parsed("1", limits: .init(maxBytes: -1)) }
    }

    @Test("an object of very many keys is read, and each key found")
    func manyKeys() throws {
        let count = 200_000
        var writer = JSONWriter()
        writer.beginObject()
        for number in 0..<count {
            writer.key(String(number))
            writer.integer(number)
        }
        writer.endObject()
        let object = try #require(try JSONValue.parse(writer.bytes).objectValue)
        #expect(object.count == count)
        #expect((0..<count).allSatisfy { object[String($0)]?.intValue == $0 })
        struct Few: Decodable {
            enum CodingKeys: String, CodingKey { case last = "199999", first = "0", middle = "77777", absent }
            var last: Int, first: Int, middle: Int, absent: Int?
        }
        let few = try JSONDecoding.decode(Few.self, from: writer.bytes)
        #expect(few.last == count - 1 && few.first == 0 && few.middle == 77_777 && few.absent == nil)
    }

    @Test("a key doubled among many is found", arguments: [2, 16, 17, 1000, 50_000])
    func doubledAmongMany(_ count: Int) {
        let text = "{" + (1..<count).map { "\"\($0)\":[]," }.joined() + "\"1\":{}}"
        let error = failure(JSONValue.self, from: text)
        #expect(error?.kind == .doubledKey)
        #expect(error?.path == ["1"])
    }

    @Test("keys that differ only in Unicode normalisation are two keys")
    func normalisation() throws {
        let object = try #require(try parsed("{\"\u{E9}\":1,\"e\u{301}\":2}").objectValue)
        #expect(object["\u{E9}"] == 1 && object["e\u{301}"] == 2)
    }

    @Test("numbers without measure are read as numbers and refused by types that cannot hold them")
    func hugeNumbers() throws {
        let digits = String(repeating: "9", count: 100_000)
        for text in [
            "1e400", "-1e400", "1e999999999999999999999", digits, "0.\(digits)e-\(digits.prefix(30))",
        ] {
            let number = try #require(try parsed(text).numberValue)
            #expect(number.text == text)
            #expect(number.int == nil)
            #expect(failure(Int.self, from: text) != nil)
        }
        #expect(try parsed("1e400").doubleValue == nil)
        #expect(failure(Double.self, from: digits)?.kind == .invalidValue)
        #expect(failure(Float.self, from: "1e39")?.kind == .invalidValue)
    }

    @Test("memory that is cut off anywhere is refused and nothing behind it is read")
    func truncated() throws {
        let text = #"{"k":[1.5e3,"a\u00e9😀\n",true,false,null,{"x":-0}],"z":"0123456789abcdef"}"#
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            #expect(throws: JSONDecodingError.self) { try JSONValue.parse(Array(bytes[..<count])) }
        }
        #expect(
            try JSONValue.parse(bytes).description
                == #"{"k":[1.5e3,"aé😀\n",true,false,null,{"x":-0}],"z":"0123456789abcdef"}"#)
    }
}
