import JSONCoding
import Testing

@Suite("What decoding says is wrong")
struct DecodingErrorTests {
    struct Order: Decodable {
        var id: Int
        var lines: [Line]
        var note: String?
        var role: Role?
    }
    struct Line: Decodable {
        var quantity: UInt8
        var price: Double
        var tags: [String: Bool]?
    }
    enum Role: String, Decodable { case admin, member }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var path: JSONPath
        var kind: JSONDecodingError.Kind
        var message: String
        init(_ text: String, _ path: JSONPath, _ kind: JSONDecodingError.Kind, _ message: String) {
            (testDescription, self.path, self.kind, self.message) = (text, path, kind, message)
        }
    }

    static let rows = [
        Row("[]", [], .wrongType, "expected an object, found an array"),
        Row("{}", ["id"], .missing, "is required"),
        Row(#"{"id":1,"lines":[{"price":1}]}"#, ["lines", 0, "quantity"], .missing, "is required"),
        Row(#"{"id":null}"#, ["id"], .wrongType, "expected a whole number, found null"),
        Row(#"{"id":"1"}"#, ["id"], .wrongType, "expected a whole number, found a string"),
        Row(#"{"id":1.5}"#, ["id"], .wrongType, "expected a whole number, found a number with a fraction"),
        Row(#"{"id":1,"lines":{}}"#, ["lines"], .wrongType, "expected an array, found an object"),
        Row(#"{"id":1,"lines":[1]}"#, ["lines", 0], .wrongType, "expected an object, found a number"),
        Row(
            #"{"id":1,"lines":[{"quantity":1,"price":2},{"quantity":256,"price":2}]}"#,
            ["lines", 1, "quantity"],
            .invalidValue, "is out of range: expected 0 to 255"),
        Row(
            #"{"id":1,"lines":[{"quantity":-1,"price":2}]}"#, ["lines", 0, "quantity"], .invalidValue,
            "is out of range: expected 0 to 255"),
        Row(
            #"{"id":1e400,"lines":[]}"#, ["id"], .invalidValue,
            "is out of range: expected -9223372036854775808 to 9223372036854775807"),
        Row(
            #"{"id":1,"lines":[{"quantity":1,"price":1e400}]}"#, ["lines", 0, "price"], .invalidValue,
            "is out of range for a number"),
        Row(
            #"{"id":1,"lines":[{"quantity":1,"price":1,"tags":{"x":true,"y z":1}}]}"#,
            ["lines", 0, "tags", "y z"],
            .wrongType, "expected true or false, found a number"),
        Row(#"{"id":1,"lines":[],"note":false}"#, ["note"], .wrongType, "expected a string, found a boolean"),
        Row(
            #"{"id":1,"lines":[],"role":"root"}"#, ["role"], .invalidValue, "is not one of the allowed values"
        ),
        Row(#"{"id":1,"id":2}"#, ["id"], .doubledKey, "is given twice"),
        Row(#"{"lines":[{"a":1,"\u0061":2}]}"#, ["lines", 0, "a"], .doubledKey, "is given twice"),
        Row(#"{"lines":[{},{"a":[}]}"#, ["lines", 1, "a"], .syntax, "expected a value, found '}'"),
    ]

    @Test("path, kind and sentence", arguments: rows)
    func errors(_ row: Row) throws {
        let error = try #require(failure(Order.self, from: row.testDescription))
        #expect(error.path == row.path)
        #expect(error.kind == row.kind)
        #expect(error.message == row.message)
    }

    @Test("errors of the caller's types are translated, whatever case of DecodingError they are")
    func translated() throws {
        struct Even: Decodable {
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                guard try container.decode(Int.self).isMultiple(of: 2) else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be even")
                }
            }
        }
        let error = try #require(failure([String: [Even]].self, from: #"{"n":[2,3]}"#))
        #expect(error.description == "n[1]: must be even")
        #expect(error.kind == .invalidValue)

        struct Keyless: Decodable {
            init(from decoder: any Decoder) throws {
                throw DecodingError.keyNotFound(
                    AnyKey(stringValue: "k"), .init(codingPath: decoder.codingPath, debugDescription: ""))
            }
        }
        #expect(failure([Keyless].self, from: "[{}]")?.description == "[0].k: is required")
    }

    @Test("an error of another kind is passed on as it is")
    func otherErrors() {
        struct Own: Error {}
        struct Refusing: Decodable {
            init(from decoder: any Decoder) throws { throw Own() }
        }
        #expect(throws: Own.self) { try value([Refusing].self, from: "[1]") }
    }

    @Test("the path is right when elements fail one after the other and are passed over")
    func pathsAfterFailures() throws {
        struct Lenient: Decodable {
            var paths: [String] = []
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                while !container.isAtEnd {
                    do {
                        _ = try container.decode([Int].self)
                    } catch DecodingError.typeMismatch(_, let context) {
                        paths.append(context.codingPath.map(\.stringValue).joined(separator: "."))
                        _ = try container.decode(JSONValue.self)
                    }
                }
            }
        }
        let text = #"{"x":[[1],"a",[2,"b"],[3],[[],[]]]}"#
        #expect(try value([String: Lenient].self, from: text)["x"]?.paths == ["x.1", "x.2.1", "x.4.0"])
    }

    @Test("an array that ends too soon says which element is missing")
    func shortArray() throws {
        struct Pair: Decodable {
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                #expect(container.count == 1)
                _ = try container.decode(Int.self)
                _ = try container.decode(Int.self)
            }
        }
        let error = try #require(failure([Pair].self, from: "[[1]]"))
        #expect(error.path == [0, 1])
        #expect(error.message == "is required, but the array ends before it")
    }
}
