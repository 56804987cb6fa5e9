import Foundation
import JSONCoding
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test("what a document says can be asked for")
    func access() throws {
        let value = try parsed(#"{"a":[1,{"b":"x"}],"c":null,"d":true,"e":1.5,"f":{}}"#)
        #expect(value["a"]?[1]?["b"]?.stringValue == "x")
        #expect(value[JSONPath(["a", 1, "b"])] == "x")
        #expect(value[["a", 2] as JSONPath] == nil)
        #expect(value["a"]?[0]?.intValue == 1 && value["a"]?[-1] == nil && value["a"]?["x"] == nil)
        #expect(value["c"]?.isNull == true && value["x"] == nil && value[0] == nil)
        #expect(
            value["d"]?.boolValue == true && value["e"]?.doubleValue == 1.5 && value["e"]?.intValue == nil)
        #expect(value["a"]?.arrayValue?.count == 2 && value["f"]?.objectValue?.isEmpty == true)
        #expect(value.objectValue?.keys == ["a", "c", "d", "e", "f"])
        #expect(value["e"]?.numberValue?.text == "1.5" && value["d"]?.kindName == "a boolean")
    }

    @Test(
        "values are equal as JSON has it",
        arguments: [
            ("1", "1.0", true), ("10e-1", "1", true), ("-0", "0", true), ("1e400", "10e399", true),
            ("1", "2", false),
            ("0.1", "0.10", true), ("100000000000000000000", "1e20", true),
            ("9007199254740993", "9007199254740992", false),
            (#"{"a":1,"b":2}"#, #"{"b":2,"a":1.0}"#, true), (#"{"a":1}"#, #"{"a":1,"b":2}"#, false),
            (#"{"a":1}"#, #"{"b":1}"#, false), ("[1,2]", "[2,1]", false), ("null", "false", false),
            ("0", "false", false),
            ("\"1\"", "1", false), ("[]", "{}", false), (#""\u00e9""#, "\"\u{E9}\"", true),
            ("\"\u{E9}\"", "\"e\u{301}\"", false),
        ])
    func equality(_ one: String, _ other: String, _ isEqual: Bool) throws {
        let (left, right) = (try parsed(one), try parsed(other))
        #expect((left == right) == isEqual)
        #expect((right == left) == isEqual)
        if isEqual { #expect(left.hashValue == right.hashValue) }
    }

    @Test("an object keeps its order through changes, with and without an index", arguments: [4, 8, 9, 200])
    func objects(_ count: Int) {
        var object = JSONObject()
        for number in 0..<count { object["k\(number)"] = .number(JSONNumber(number)) }
        #expect(object.keys == (0..<count).map { "k\($0)" })
        object["k1"] = "changed"
        object["k0"] = nil
        object["absent"] = nil
        object["new"] = true
        #expect(object.count == count)
        #expect(object.first?.key == "k1" && object.last?.key == "new")
        #expect(
            object["k0"] == nil && object["k1"] == "changed" && object["k2"] == 2 && object["new"] == true)
        #expect(object["k\(count - 1)"]?.intValue == count - 1)
        #expect(object.map(\.key) == object.keys && object[0].value == "changed")
    }

    @Test("literals make values, and a key given twice counts once")
    func literals() {
        let value: JSONValue = ["a": [1, 2.5, nil, true, "x"], "b": [:], "a": 1]
        #expect(value.description == #"{"a":1,"b":{}}"#)
        #expect(([1, 2.5, nil, true, "x"] as JSONValue).description == #"[1,2.5,null,true,"x"]"#)
        let object: JSONObject = ["x": 1, "y": 2, "x": 3]
        #expect(object == ["y": 2, "x": 3] && object.keys == ["x", "y"])
    }

    @Test("a value passes through another coder")
    func otherCoder() throws {
        let value = try parsed(#"{"a":[1,-2.5,true,null,"x",18446744073709551615],"b":{"c":[]}}"#)
        let data = try JSONEncoder().encode(value)
        #expect(try JSONValue.parse(Array(data)) == value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(try parsed("[1e400]")) }
    }

    @Test("through this coder's own containers a value is read and written where it stands")
    func ownContainers() throws {
        struct Wrapper: Codable, Equatable {
            var inner: JSONValue
            var number: JSONNumber
            init(inner: JSONValue, number: JSONNumber) { (self.inner, self.number) = (inner, number) }
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                inner = try JSONValue(from: container.superDecoder())
                number = try container.decode(JSONNumber.self)
            }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                try inner.encode(to: container.superEncoder())
                try container.encode(number)
            }
        }
        let text = #"[{"a":1.50},1e400]"#
        let wrapper = try value(Wrapper.self, from: text)
        #expect(wrapper.inner["a"]?.numberValue?.text == "1.50")
        #expect(try json(wrapper) == text)
        #expect(
            failure(Wrapper.self, from: #"[1,"x"]"#)?.description == "[1]: expected a number, found a string")
    }
}
