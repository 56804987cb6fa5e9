import JSONCoding
import Testing

@Suite("The writer")
struct JSONWriterTests {
    @Test("tokens make a document with its commas")
    func document() {
        var writer = JSONWriter(appendingTo: Array("> ".utf8))
        writer.beginObject()
        writer.key("list" as StaticString)
        writer.beginArray()
        writer.beginArray()
        writer.endArray()
        writer.null()
        writer.bool(true)
        writer.bool(false)
        writer.integer(-5)
        writer.integer(UInt64.max)
        writer.integer(UInt128.max)
        writer.double(1.5)
        writer.double(Double.nan)
        writer.double(Float.infinity)
        writer.string("a\u{1}" as StaticString)
        writer.raw(Array("{\"x\":0}".utf8))
        writer.number(JSONNumber(7))
        writer.endArray()
        writer.key("né\"w")
        writer.timestamp(unixMilliseconds: -1)
        writer.key("v")
        writer.value(["k": [1]])
        writer.endObject()
        let wanted =
            #"> {"list":[[],null,true,false,-5,18446744073709551615,340282366920938463463374607431768211455,1.5,"#
            + #"null,null,"a\u0001",{"x":0},7],"né\"w":"1969-12-31T23:59:59.999Z","v":{"k":[1]}}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == wanted)
        #expect(writer.count == wanted.utf8.count)
    }

    @Test("lines are documents of their own, and the writer can be used again")
    func lines() {
        var writer = JSONWriter()
        for number in 0..<2 {
            writer.integer(number)
            writer.endLine()
        }
        #expect(writer.bytes == Array("0\n1\n".utf8))
        writer.removeAll()
        writer.string("x")
        #expect(writer.bytes == Array("\"x\"".utf8))
    }

    @Test("bytes that are not UTF-8 are repaired, so the text always is")
    func repair() throws {
        var writer = JSONWriter()
        let bytes: [UInt8] = [0x61, 0xFF, 0x0A, 0xED, 0xA0, 0x80, 0x62]
        bytes.withUnsafeBufferPointer { writer.string(utf8: $0) }
        #expect(try JSONValue.parse(writer.bytes).stringValue == String(decoding: bytes, as: UTF8.self))
    }

    @Test("a Codable value can be written into a document, and one that fails leaves no trace")
    func codable() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        try JSONEncoding.encode(["a": [1]], to: &writer)
        #expect(throws: JSONEncodingError.self) { try JSONEncoding.encode([1, Double.nan], to: &writer) }
        writer.key("more")
        try JSONEncoding.encode("x", to: &writer)
        writer.endObject()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"data":{"a":[1]},"more":"x"}"#)
    }

    @Test(
        "moments outside the years 0 to 9999 are written as the nearest inside",
        arguments: [
            (Int64.min, "0000-01-01T00:00:00.000Z"), (.max, "9999-12-31T23:59:59.999Z"),
            (951_782_400_001, "2000-02-29T00:00:00.001Z"), (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
        ])
    func timestamps(_ milliseconds: Int64, _ text: String) {
        var writer = JSONWriter()
        writer.timestamp(unixMilliseconds: milliseconds)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\"\(text)\"")
    }
}
