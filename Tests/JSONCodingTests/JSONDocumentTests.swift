import JSONCoding
import Testing

@Suite("Documents that are walked")
struct JSONDocumentTests {
    /// The value at an entry, put together by the walk alone.
    private func value(_ document: JSONDocument, _ entry: Int) -> JSONValue {
        switch document.kind(of: entry) {
        case .null: return .null
        case .false: return .bool(false)
        case .true: return .bool(true)
        case .number: return .number(document.number(of: entry))
        case .string: return .string(document.string(of: entry))
        case .array:
            var elements: [JSONValue] = []
            var element = entry + 1
            while element < document.end(of: entry) {
                elements.append(value(document, element))
                element = document.next(after: element)
            }
            #expect(elements.count == document.count(of: entry))
            return .array(elements)
        case .object:
            var object = JSONObject()
            var key = entry + 1
            while key < document.end(of: entry) {
                let text = document.text(of: key)
                #expect(String(decoding: text, as: UTF8.self) == document.string(of: key))
                #expect(document.keyHash(of: key) == JSONDocument.hash(text))
                #expect(document.value(of: text, in: entry) == key + 1)
                #expect(document.isASCII(key) == text.allSatisfy { $0 < 0x80 })
                object[document.string(of: key)] = value(document, key + 1)
                key = document.next(after: key + 1)
            }
            #expect(object.count == document.count(of: entry))
            return .object(object)
        }
    }

    @Test(
        "a walk finds what the reader of values finds",
        arguments: [
            "null", "true", "false", "0", "-1.50e3", #""""#, #""a\u0041é😀\n""#, "[]", "{}", "[[],[[]],{}]",
            #"{"a":1,"b\u0062":[true,null,{"é":"\t"}],"":{"a":"a"},"c":1e400}"#,
            "[" + (0..<500).map { #"{"k\#($0)":\#($0),"x":"\\"}"# }.joined(separator: ",") + "]",
            "{" + (0..<500).map { #""\u006b\#($0)":[\#($0)]"# }.joined(separator: ",") + "}",
        ])
    func walk(text: String) throws {
        let bytes = Array(text.utf8)
        let document = try bytes.withUnsafeBytes { try JSONDocument.read($0) }
        #expect(value(document, 0) == (try JSONValue.parse(bytes)))
        #expect(document.entryCount == document.next(after: 0))
    }

    @Test(
        "whole numbers are told by how they are written",
        arguments: [("1", true), ("-0", true), ("1.0", false), ("1e2", false)])
    func plainWhole(text: String, isPlain: Bool) throws {
        let document = try Array(text.utf8).withUnsafeBytes { try JSONDocument.read($0) }
        #expect(document.isPlainWhole(0) == isPlain)
    }

    @Test("a doubled key is refused, whatever the limits say, and other limits hold")
    func limits() throws {
        func read(_ text: String, _ limits: JSONLimits) throws {
            _ = try Array(text.utf8).withUnsafeBytes { try JSONDocument.read($0, limits: limits) }
        }
        let doubled = #expect(throws: JSONDecodingError.self) {
            try read(#"{"a":1,"a":1}"#, JSONLimits(allowsDoubledKeys: true))
        }
        #expect(doubled?.kind == .doubledKey)
        let deep = #expect(throws: JSONDecodingError.self) { try read("[[]]", JSONLimits(maxDepth: 1)) }
        #expect(deep?.kind == .tooDeep)
    }
}
