import JSONCoding
import Testing

@Suite("Values to text and back")
struct RoundTripTests {
    /// One row of a table: a value and the text that it must become and come from.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let check: @Sendable () throws -> Void

        init<Value: Codable & Equatable & Sendable>(_ value: Value, _ text: String) {
            testDescription = "\(Value.self) \(text)"
            check = { try verify(value, text) }
        }
    }

    private static func verify<Value: Codable & Equatable>(_ value: Value, _ text: String) throws {
        typealias Read = JSONDecoding
        func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
        #expect(try json(value) == text)
        #expect(try Read.decode(Value.self, from: bytes(text)) == value)
        // The same inside an array, an object and an optional.
        #expect(try json([value, value]) == "[\(text),\(text)]")
        #expect(try Read.decode([Value].self, from: bytes(" [ \(text) ,\n\(text) ] ")) == [value, value])
        #expect(try json(["k": value]) == "{\"k\":\(text)}")
        #expect(try Read.decode([String: Value].self, from: bytes("{\"k\":\(text)}")) == ["k": value])
        #expect(try json([Value?.none, value]) == "[null,\(text)]")
        #expect(try Read.decode([Value?].self, from: bytes("[null,\(text)]")) == [nil, value])
        let box = Box(value: value, after: 1)
        #expect(try json(box) == "{\"value\":\(text),\"after\":1}")
        #expect(try Read.decode(Box<Value>.self, from: bytes("{\"after\":1,\"value\":\(text)}")) == box)
    }

    struct Box<Value: Codable & Equatable>: Codable, Equatable {
        var value: Value
        var after: Int
    }

    enum Role: String, Codable { case admin, member }

    enum Shape: Codable, Equatable {
        case circle(radius: Double)
        case line(Int, to: Int)
        case nothing
    }

    struct Empty: Codable, Equatable {}

    struct All: Codable, Equatable {
        var a: Int8, b: Int16, c: Int32, d: Int64, e: UInt8, f: UInt16, g: UInt32, h: UInt64, i: UInt
        var j: Float, k: Double, l: Bool, m: Int128, n: UInt128
        var o: Int?, p: String?, q: Bool?, r: Double?, s: [Int]?, t: Float?, u: UInt8?
    }

    static let all = All(
        a: -128, b: .min, c: .min, d: .min, e: 255, f: .max, g: .max, h: .max, i: 0, j: 0.1, k: 0.1, l: true,
        m: .min,
        n: .max, o: nil, p: "p", q: false, r: nil, s: [1], t: 1.5, u: nil)
    static let allText =
        #"{"a":-128,"b":-32768,"c":-2147483648,"d":-9223372036854775808,"e":255,"f":65535,"g":4294967295,"#
        + #""h":18446744073709551615,"i":0,"j":0.1,"k":0.1,"l":true,"m":-170141183460469231731687303715884105728,"#
        + #""n":340282366920938463463374607431768211455,"p":"p","q":false,"s":[1],"t":1.5}"#

    static let rows: [Row] = [
        Row(0, "0"), Row(-1, "-1"), Row(Int.max, "9223372036854775807"), Row(Int.min, "-9223372036854775808"),
        Row(UInt64.max, "18446744073709551615"), Row(Int8(-128), "-128"), Row(UInt8(200), "200"),
        Row(true, "true"), Row(false, "false"),
        Row(0.0, "0"), Row(-0.0, "-0"), Row(1.5, "1.5"), Row(100.0, "100"), Row(-1e21, "-1e+21"),
        Row(Double.leastNonzeroMagnitude, "5e-324"),
        Row(Double.greatestFiniteMagnitude, "1.7976931348623157e+308"), Row(0.1 + 0.2, "0.30000000000000004"),
        Row(9_007_199_254_740_991.0, "9007199254740991"), Row(Float(0.1), "0.1"),
        Row(Float(16_777_216), "16777216"),
        Row("", #""""#), Row("plain", #""plain""#),
        Row("more than fifteen bytes", #""more than fifteen bytes""#),
        Row("\"\\/", #""\"\\/""#), Row("\u{0}\u{8}\t\n\u{C}\r\u{1F}", #""\u0000\b\t\n\f\r\u001f""#),
        Row("12345678\"1234567\"end", #""12345678\"1234567\"end""#), Row("\u{7F}é中😀", "\"\u{7F}é中😀\""),
        Row("a line\u{2028}", "\"a line\u{2028}\""),
        Row(Role.admin, #""admin""#), Row(Shape.circle(radius: 1.5), #"{"circle":{"radius":1.5}}"#),
        Row(Shape.line(1, to: 2), #"{"line":{"_0":1,"to":2}}"#), Row(Shape.nothing, #"{"nothing":{}}"#),
        Row(Empty(), "{}"), Row([Int](), "[]"), Row([String: Int](), "{}"),
        Row([[1], [], [2, 3]], "[[1],[],[2,3]]"),
        Row([7: "x"], #"{"7":"x"}"#), Row(["a\"b": ["c": 1]], #"{"a\"b":{"c":1}}"#), Row(all, allText),
        Row([JSONValue.bool(true), 1, "x", [], [:]], #"[true,1,"x",[],{}]"#),
    ]

    @Test("each kind of value becomes its text and comes back from it", arguments: rows)
    func roundTrip(_ row: Row) throws { try row.check() }

    @Test("a value of JSON's own kind passes through Codable unchanged, number by number")
    func ownValues() throws {
        let text =
            #"{"b":[1.50,1e400,-0,123456789012345678901234567890],"a":{"x":null,"é":"\n"},"c":[true,{}]}"#
        let value = try value(JSONValue.self, from: text)
        #expect(try json(value) == text)
        #expect(try json(["v": value]) == "{\"v\":\(text)}")
        #expect(try JSONCodingTests.value([String: JSONValue].self, from: "{\"v\":\(text)}") == ["v": value])
        #expect(value == (try parsed(text)))
    }

    @Test("doubles of random bits come back exactly")
    func randomDoubles() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let double = Double(bitPattern: random.next())
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            if double.isFinite {
                #expect(try value(Double.self, from: json(double)).bitPattern == double.bitPattern)
            }
            if float.isFinite {
                #expect(try value(Float.self, from: json(float)).bitPattern == float.bitPattern)
            }
        }
    }

    @Test(
        "numbers are read to the nearest double, however they are written",
        arguments: [
            "0.1e1", "1E5", "1e+5", "123456789.125e-3", "9007199254740993", "1e22", "1e23", "0.3e-7",
            "1e-400",
            "17976931348623157e21", "0.000000000000000000000000000000000000000000001", "4.35",
            "2.2250738585072011e-308",
            "-0.0", "-12.5E-2", "1234567890123456789012345", "0e999999", "8.5e-22", "17e-23",
        ])
    func doubleText(_ text: String) throws {
        #expect(try value(Double.self, from: text) == Double(text))
        #expect(try value(Float.self, from: text) == Float(text))
    }

    @Test(
        "a whole number may have a fraction of zeros or an exponent",
        arguments: [("1.0", 1), ("-2.50e1", -25), ("1e3", 1000), ("0e5", 0), ("-0", 0), ("1200e-2", 12)])
    func wholeNumbers(_ text: String, _ number: Int) throws {
        #expect(try value(Int.self, from: text) == number)
    }

    @Test("what is decoded may come in any order, with spaces, more members and escapes in keys")
    func anyOrder() throws {
        let text = "\t{ \"more\" : [ { } , [ ] ] ,\r\n \"\\u0061fter\" : 2 , \"value\" : \"x\" , \"z\":0 } \n"
        #expect(try value(Box<String>.self, from: text) == Box(value: "x", after: 2))
    }

    @Test("appending keeps what is there, and an error leaves it as it was")
    func appending() throws {
        var bytes = Array("data: ".utf8)
        try JSONEncoding.encode([1, 2], into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "data: [1,2]")
        #expect(throws: JSONEncodingError.self) { try JSONEncoding.encode([1, .nan], into: &bytes) }
        #expect(String(decoding: bytes, as: UTF8.self) == "data: [1,2]")
    }

    @Test("bytes can be read from a buffer and from a value that was parsed")
    func otherSources() throws {
        let bytes = Array("[1,2]".utf8)
        #expect(try bytes.withUnsafeBytes { try JSONDecoding.decode([Int].self, from: $0) } == [1, 2])
        #expect(try bytes.withUnsafeBytes { try JSONValue.parse($0) } == [1, 2])
        #expect(try JSONDecoding.decode([Int].self, from: JSONValue.array([1, 2])) == [1, 2])
    }
}
