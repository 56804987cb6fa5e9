import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Parameters by their schema")
struct ParameterTests {
    /// What becomes of a query, `a=1&b=2`: what the handler is given, and the faults.
    private func check(_ schema: String, _ query: String) throws -> (query: String, faults: [String]) {
        let validator = try InputValidator(InputSchemas(query: SchemaDocument(json: schema)))
        var path: [Invocation.Parameter] = []
        var parameters = query.split(separator: "&").map { piece in
            let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Invocation.Parameter(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        let details = validator.validate(path: &path, query: &parameters)
        #expect(details.allSatisfy { $0.location == "query" })
        return (
            parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&"),
            details.map { "\($0.field): \($0.message)" }
        )
    }

    private static func one(_ schema: String) -> String { #"{"type":"object","properties":{"a":\#(schema)}}"# }

    /// Each schema is tried as a plain object, and within `allOf`, which is checked as a whole.
    @Test(
        "a text is taken for what its schema has",
        arguments: [
            (#"{"type":"integer"}"#, ["0", "-7", "-0", "9223372036854775808", "123456789012345678901234567890"], []),
            (
                #"{"type":"integer"}"#, [],
                ["", "+5", "05", "1e3", "1.0", "0x1", " 1", "1 ", "٣", "abc", "-", "--1"].map {
                    ($0, "expected a whole number")
                }
            ),
            (
                #"{"type":"number"}"#, ["0", "-1.5", "1e3", "1E-2", "0.10"],
                [".5", "5.", "+1", "01", "NaN", "Infinity", "1e", "1e+", ""].map { ($0, "expected a number") }
            ),
            (
                #"{"type":"integer","minimum":1,"maximum":100}"#, ["1", "100"],
                [
                    ("0", "must be at least 1"), ("101", "must be at most 100"),
                    ("99999999999999999999", "must be at most 100"),
                ]
            ),
            (
                #"{"type":"number","exclusiveMinimum":0.5,"multipleOf":0.25}"#, ["0.75", "1e1"],
                [("0.5", "must be greater than 0.5"), ("0.8", "must be a multiple of 0.25")]
            ),
            (
                #"{"type":"boolean"}"#, ["true", "false"],
                ["yes", "TRUE", "", "2", "null"].map { ($0, "expected true or false") }
            ),
            (#"{"type":"string"}"#, ["", "5", "null", "true", "é"], []),
            (
                #"{"type":"string","minLength":2,"maxLength":3}"#, ["éé", "abc"],
                [("a", "must have at least 2 characters"), ("éééé", "must have at most 3 characters")]
            ),
            (#"{"type":"string","pattern":"^[0-9]+$"}"#, ["0123"], [("12a", "must match the pattern ^[0-9]+$")]),
            (
                #"{"type":"string","format":"uuid"}"#, ["2eb8aa08-aa98-11ea-b4aa-73b441d16380"],
                [("x", "must be a UUID")]
            ),
            (#"{"enum":["new","old"]}"#, ["new"], [("New", #"must be one of "new", "old""#)]),
            (#"{"enum":[1,2,"all"]}"#, ["1", "2", "all"], [("3", #"must be one of 1, 2, "all""#)]),
            (#"{"const":true}"#, ["true"], [("false", "must be true")]),
            (#"{"type":["integer","string"],"minimum":5}"#, ["5", "x", "-"], [("4", "must be at least 5")]),
            (#"{"minimum":5}"#, ["5", "x"], [("4", "must be at least 5")]),
            ("{}", ["", "anything", "5"], []),
            ("true", ["anything"], []),
        ])
    func scalars(schema: String, valid: [String], faults: [(String, String)]) throws {
        for whole in [Self.one(schema), #"{"allOf":[\#(Self.one(schema))]}"#] {
            for text in valid {
                let outcome = try check(whole, "a=\(text)")
                #expect(outcome.faults == [], "\(text)")
                #expect(outcome.query == "a=\(text)")
            }
            for (text, sentence) in faults {
                #expect(try check(whole, "a=\(text)").faults == ["a: \(sentence)"], "\(text)")
            }
        }
    }

    @Test(
        "the handler is given one spelling of a boolean, and nothing for null",
        arguments: [
            (#"{"type":"boolean"}"#, "a=1&b=2", "a=true&b=2"), (#"{"type":"boolean"}"#, "a=0", "a=false"),
            (#"{"type":["integer","null"]}"#, "a=&b=2", "b=2"), (#"{"type":["integer","null"]}"#, "a=null", ""),
            (#"{"type":["string","null"]}"#, "a=null", "a=null"), (#"{"type":["string","null"]}"#, "a=", "a="),
            (#"{"type":["integer","boolean"]}"#, "a=1", "a=1"),
            (#"{"type":"array","items":{"type":"boolean"}}"#, "a=1&a=false", "a=true&a=false"),
        ])
    func rewritten(schema: String, query: String, expected: String) throws {
        for whole in [Self.one(schema), #"{"allOf":[\#(Self.one(schema))]}"#] {
            let outcome = try check(whole, query)
            #expect(outcome.faults == [])
            #expect(outcome.query == expected)
        }
    }

    @Test(
        "an array is a name that is repeated, or one value",
        arguments: [
            ("a=1", []), ("a=1&a=2", []), ("a=1&a=x&b=y", ["a[1]: expected a whole number"]),
            ("a=1&a=2&a=3&a=4", ["a: must have at most 3 elements"]),
            ("a=2&a=2", ["a: must not have the same element twice"]),
            ("", ["a: is required"]), ("a=", ["a[0]: expected a whole number"]),
            ("a=1,2", ["a[0]: expected a whole number"]),
        ])
    func arrays(query: String, faults: [String]) throws {
        let schema =
            #"{"properties":{"a":{"type":"array","items":{"type":"integer"},"maxItems":3,"uniqueItems":true}},"required":["a"]}"#
        let outcome = try check(schema, query)
        #expect(outcome.faults == faults)
        #expect(outcome.query == query)
    }

    private static let search = #"""
        {"type":"object","properties":{"q":{"type":"string"},"limit":{"type":"integer","minimum":1}},"required":["q","z"],
        "additionalProperties":false}
        """#

    @Test(
        "every fault of a query is named",
        arguments: [
            ("q=a&z=b", []), ("q=a&z=b&limit=2", []), ("", ["q: is required", "z: is required"]),
            ("q=a&q=b&q=c&z=1", ["q: is given more than once"]),
            (
                "limit=0&x=1&x=2&q=",
                [
                    "limit: must be at least 1", "x: is not a known parameter", "x: is not a known parameter",
                    "z: is required",
                ]
            ),
            ("a[b]=1&q=1&z=", [#"["a[b]"]: is not a known parameter"#]),
        ])
    func query(query: String, faults: [String]) throws {
        #expect(try check(Self.search, query).faults == faults)
    }

    @Test(
        "a schema that is more than names is run as a whole",
        arguments: [
            (
                #"{"properties":{"a":{"type":"integer"},"b":true},"dependentRequired":{"a":["b"]}}"#, "a=1",
                ["b: is required beside a"]
            ),
            (
                #"{"properties":{"a":{"type":"integer"},"b":true},"dependentRequired":{"a":["b"]}}"#, "a=1&a=2&b=",
                ["a: is given more than once"]
            ),
            (
                #"{"patternProperties":{"^n_":{"type":"integer"}},"additionalProperties":{"type":"boolean"}}"#,
                "n_a=1&n_b=x&c=1&d=2", ["n_b: expected a whole number", "d: expected true or false"]
            ),
            (#"{"minProperties":1}"#, "", ["query: must have at least 1 parameter"]),
            (
                ##"{"$ref":"#/$defs/q","$defs":{"q":{"properties":{"a":{"$ref":"#/$defs/n"}},"required":["a"]},"n":{"type":"integer"}}}"##,
                "a=x", ["a: expected a whole number"]
            ),
            (
                #"{"if":{"properties":{"kind":{"const":"n"}}},"then":{"properties":{"v":{"type":"integer"}}}}"#,
                "kind=n&v=x", ["v: expected a whole number"]
            ),
            (
                #"{"if":{"properties":{"kind":{"const":"n"}}},"then":{"properties":{"v":{"type":"integer"}}}}"#,
                "kind=s&v=x", []
            ),
            (#"{"properties":{"a":{"type":"object"}}}"#, "a=1", ["a: expected an object"]),
            (#"{"properties":{"a":{"anyOf":[{"type":"integer"},{"const":"all"}]}}}"#, "a=all", []),
            (#"{"properties":{"a":{"anyOf":[{"type":"integer"},{"const":"all"}]}}}"#, "a=one", [#"a: must be "all""#]),
            (#"{"properties":{"a":false}}"#, "a=1", ["a: is not allowed"]),
            ("false", "", ["query: is not allowed"]),
        ])
    func whole(schema: String, query: String, faults: [String]) throws {
        #expect(try check(schema, query).faults == faults)
    }

    @Test("faults of the path and of the query come together")
    func both() throws {
        let validator = try InputValidator(
            InputSchemas(
                path: SchemaDocument(json: #"{"properties":{"id":{"type":"string","pattern":"^[0-9]+$"}}}"#),
                query: SchemaDocument(json: #"{"required":["q"]}"#)))
        var path = [Invocation.Parameter("id", "x1")]
        var query: [Invocation.Parameter] = []
        #expect(
            validator.validate(path: &path, query: &query) == [
                .init(field: "id", in: "path", message: "must match the pattern ^[0-9]+$"),
                .init(field: "q", in: "query", message: "is required"),
            ])
        #expect(validator.checksParameters && !validator.checksBody && !validator.isEmpty)
    }

    @Test("a flood of parameters is answered with 64 faults")
    func flood() throws {
        let query = (0..<3000).map { "k\($0)=1" }.joined(separator: "&")
        #expect(try check(Self.search, query).faults.count == 64)
        #expect(try check(#"{"minProperties":1,"additionalProperties":false}"#, query).faults.count == 64)
    }

    @Test("names are told apart by their bytes, not as Swift's strings are")
    func normalisation() throws {
        let schema = "{\"properties\":{\"\u{E9}\":{\"type\":\"integer\"}},\"additionalProperties\":false}"
        #expect(try check(schema, "\u{E9}=1").faults == [])
        #expect(try check(schema, "e\u{301}=1").faults.count == 1)
    }
}
