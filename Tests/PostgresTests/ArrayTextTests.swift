import Testing

@testable import Postgres

@Suite struct ArrayTextTests {
    private func elements(_ text: String) throws(ArrayText.Fault) -> [String?] {
        let bytes = Array(text.utf8)
        let elements = try bytes.withUnsafeBufferPointer { bytes throws(ArrayText.Fault) in
            try ArrayText.elements(bytes)
        }
        return elements.places.map { place in
            if place.count < 0 { return nil }
            return String(decoding: elements.bytes[place.start..<(place.start + place.count)], as: UTF8.self)
        }
    }

    @Test(
        "arrays are read as PostgreSQL writes them",
        arguments: [
            ("{}", []), ("{1}", ["1"]), ("{1,2,3}", ["1", "2", "3"]), ("{NULL}", [nil]),
            ("{a,NULL,null,b}", ["a", nil, nil, "b"]), ("{\"NULL\"}", ["NULL"]), ("{\"\"}", [""]),
            ("{NULLS,NUL}", ["NULLS", "NUL"]),
            ("{\"a,b\",\"{}\",\"\\\"\",\"\\\\\"}", ["a,b", "{}", "\"", "\\"]), ("{a b}", ["a b"]),
            ("{\"\\\\x00ff\"}", ["\\x00ff"]), ("[0:1]={a,b}", ["a", "b"]), ("[-3:-3]={7}", ["7"]),
            ("{é,\"名 前\"}", ["é", "名 前"]),
        ] as [(String, [String?])])
    func read(text: String, expected: [String?]) throws {
        #expect(try elements(text) == expected)
    }

    @Test(
        "arrays within arrays are refused as such",
        arguments: ["{{1,2},{3,4}}", "{{}}", "[0:1][1:2]={{1,2},{3,4}}", "{a,{b}}"])
    func nested(text: String) {
        #expect(throws: ArrayText.Fault.severalDimensions) { try elements(text) }
    }

    @Test(
        "what is no array is refused",
        arguments: [
            "", "{", "}", "a", "{a", "a}", "{,}", "{a,}", "{,a}", "{\"a}", "{\"a\"b}", "{a\"b\"}", "{a}}", "{a}b",
            "[0:1]{a}", "{\\}", "{\"\\\"}", "{\"a\"\"b\"}",
        ])
    func malformed(text: String) {
        #expect(throws: ArrayText.Fault.malformed) { try elements(text) }
    }

    @Test("what is put in quotes comes back", arguments: ["", "a", "NULL", "{a,b}", "\"", "\\", "a\\\"b\n\t ", "é"])
    func quoted(text: String) throws {
        var bytes: [UInt8] = []
        ArrayText.appendQuoted(text.utf8, to: &bytes)
        #expect(try elements("{" + String(decoding: bytes, as: UTF8.self) + "}") == [text])
    }
}
