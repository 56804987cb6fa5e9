import JSONCoding
import Testing

@testable import Gateway

@Suite("What a schema says of a document")
struct SchemaFaultTests {
    private static let order = #"""
        {"type":"object","required":["name","lines"],"additionalProperties":false,"properties":{
         "name":{"type":"string","minLength":2,"maxLength":5},"email":{"format":"email"},
         "kind":{"enum":["new","used"]},"version":{"const":2},
         "lines":{"type":"array","minItems":1,"maxItems":3,"uniqueItems":true,"items":{"type":"object",
           "required":["sku","quantity"],"properties":{"sku":{"type":"string","pattern":"^[A-Z]+$"},
           "quantity":{"type":"integer","minimum":1,"exclusiveMaximum":100},"price":{"multipleOf":0.01}}}}}}
        """#

    @Test(
        "every fault is named by its path, with a sentence",
        arguments: [
            (#"{"name":"Ann","lines":[{"sku":"A","quantity":1}]}"#, []),
            ("[]", ["body: expected an object, found an array"]),
            ("{}", ["name: is required", "lines: is required"]),
            (
                #"{"name":"A","lines":[{"sku":"a","quantity":0},{"sku":"B","quantity":100}],"x":1}"#,
                [
                    "name: must have at least 2 characters", "lines[0].sku: must match the pattern ^[A-Z]+$",
                    "lines[0].quantity: must be at least 1", "lines[1].quantity: must be less than 100",
                    "x: is not a known field",
                ]
            ),
            (
                #"{"name":"Ännchen","lines":[],"email":"ann","kind":"old","version":3}"#,
                [
                    "name: must have at most 5 characters", "lines: must have at least 1 element",
                    "email: must be an email address", #"kind: must be one of "new", "used""#,
                    "version: must be 2",
                ]
            ),
            (#"{"name":"Änn😀é","lines":[{"sku":"A","quantity":1.0}]}"#, []),
            (
                #"{"name":null,"lines":[{"sku":1,"quantity":1.5,"price":0.001},{"quantity":"1"},true,4]}"#,
                [
                    "name: expected a string, found null", "lines: must have at most 3 elements",
                    "lines[0].sku: expected a string, found a number",
                    "lines[0].quantity: expected a whole number, found a number with a fraction",
                    "lines[0].price: must be a multiple of 0.01",
                    "lines[1].quantity: expected a whole number, found a string", "lines[1].sku: is required",
                    "lines[2]: expected an object, found a boolean", "lines[3]: expected an object, found a number",
                ]
            ),
            (
                #"{"name":"Ann","lines":[{"sku":"A","quantity":1,"n":{}},{"n":{},"quantity":1e0,"sku":"A"}]}"#,
                ["lines: must not have the same element twice"]
            ),
            (#"{"name":"Ann","lines":[{"sku":"A","quantity":1}],"a b":1}"#, [#"["a b"]: is not a known field"#]),
        ])
    func faults(document: String, sentences: [String]) throws {
        #expect(try CompiledSchema(json: Self.order).sentences(document) == sentences)
    }

    @Test(
        "each keyword has its sentence",
        arguments: [
            (#"{"type":["string","null"]}"#, "1", ["body: expected a string or null, found a number"]),
            (
                #"{"type":["object","array","boolean"]}"#, "1",
                ["body: expected an object, an array or true or false, found a number"]
            ),
            ("false", "1", ["body: is not allowed"]),
            (#"{"properties":{"a":false}}"#, #"{"a":1}"#, ["a: is not allowed"]),
            (#"{"enum":[[1],{"a":2}]}"#, "1", ["body: is not one of the allowed values"]),
            (#"{"enum":[1,"a",null]}"#, "2", [#"body: must be one of 1, "a", null"#]),
            (#"{"const":{"a":1}}"#, "2", ["body: is not the allowed value"]),
            (#"{"exclusiveMinimum":0}"#, "0", ["body: must be greater than 0"]),
            (#"{"maximum":1e2}"#, "100.5", ["body: must be at most 1e2"]),
            (#"{"minProperties":1}"#, "{}", ["body: must have at least 1 field"]),
            (#"{"maxProperties":1}"#, #"{"a":1,"b":2}"#, ["body: must have at most 1 field"]),
            (
                #"{"contains":{"type":"string"},"minContains":2}"#, #"["a",1]"#,
                ["body: must contain at least 2 elements of the wanted form"]
            ),
            (
                #"{"contains":{"type":"string"},"maxContains":1}"#, #"["a","b"]"#,
                ["body: must contain at most 1 element of the wanted form"]
            ),
            (#"{"propertyNames":{"pattern":"^a"}}"#, #"{"ab":1,"b":2}"#, ["b: has a name that is not allowed"]),
            (
                #"{"dependentRequired":{"card":["address","name"]}}"#, #"{"card":1,"name":1}"#,
                ["address: is required beside card"]
            ),
            (#"{"dependentSchemas":{"card":{"required":["x"]}}}"#, #"{"card":1}"#, ["x: is required"]),
            (
                #"{"patternProperties":{"^n":{"type":"number"}},"additionalProperties":{"type":"string"}}"#,
                #"{"n":"","s":1}"#, ["n: expected a number, found a string", "s: expected a string, found a number"]
            ),
            (
                #"{"prefixItems":[{"type":"string"}],"items":false}"#, "[1,2]",
                ["[0]: expected a string, found a number", "[1]: is not allowed"]
            ),
            (#"{"not":{"type":"string"}}"#, #""a""#, ["body: has a form that is not allowed"]),
            (
                #"{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}"#, #"{"a":1}"#,
                ["b: is required"]
            ),
            (
                #"{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}"#, "{}",
                ["c: is required"]
            ),
            (
                #"{"allOf":[{"minimum":5},{"multipleOf":2}]}"#, "3",
                ["body: must be at least 5", "body: must be a multiple of 2"]
            ),
            (
                #"{"properties":{"a":true},"unevaluatedProperties":false}"#, #"{"a":1,"b":2}"#,
                ["b: is not a known field"]
            ),
            (
                #"{"prefixItems":[true],"unevaluatedItems":{"type":"string"}}"#, "[1,2]",
                ["[1]: expected a string, found a number"]
            ),
            (#"{"format":"date"}"#, #""2026-02-30""#, ["body: must be a date such as 2026-11-21"]),
            (#"{"format":"phone"}"#, #""x""#, []),
        ])
    func keyword(schema: String, document: String, sentences: [String]) throws {
        #expect(try CompiledSchema(json: schema).sentences(document) == sentences)
    }

    private static let shapes = ##"""
        {"oneOf":[{"$ref":"#/$defs/circle"},{"$ref":"#/$defs/box"}],"$defs":{
        "circle":{"type":"object","properties":{"kind":{"const":"circle"},"radius":{"type":"number"}},"required":["kind","radius"]},
        "box":{"type":"object","properties":{"kind":{"const":"box"},"side":{"type":"number"}},"required":["kind","side"]}}}
        """##

    @Test(
        "of several forms the faults of the one that was meant are named",
        arguments: [
            (shapes, #"{"kind":"box","side":"1"}"#, ["side: expected a number, found a string"]),
            (shapes, #"{"kind":"circle"}"#, ["radius: is required"]),
            (shapes, #"{"kind":"line"}"#, ["body: has none of the allowed forms"]),
            (shapes, "4", ["body: expected an object, found a number"]),
            (
                #"{"anyOf":[{"type":"null"},{"type":"string","minLength":1}]}"#, #""""#,
                ["body: must have at least 1 character"]
            ),
            (
                #"{"anyOf":[{"type":"null"},{"type":"string","minLength":1}]}"#, "1",
                ["body: expected a string or null, found a number"]
            ),
            (#"{"oneOf":[{"minimum":1},{"minimum":2}]}"#, "3", ["body: has more than one of the allowed forms"]),
            (#"{"anyOf":[{"minimum":5},{"multipleOf":2}]}"#, "3", ["body: has none of the allowed forms"]),
            // A field of a form that does not hold is not called unknown.
            (
                #"{"anyOf":[{"properties":{"a":{"type":"string"}},"required":["a"]}],"unevaluatedProperties":false}"#,
                #"{"a":1}"#, ["a: expected a string, found a number"]
            ),
        ])
    func forms(schema: String, document: String, sentences: [String]) throws {
        #expect(try CompiledSchema(json: schema).sentences(document) == sentences)
    }

    @Test("no more than 64 faults are named, and no value is repeated")
    func bounded() throws {
        let schema = try CompiledSchema(json: #"{"items":{"type":"integer","enum":[1,2]}}"#)
        let document = "[" + repeatElement(#""secret""#, count: 1000).joined(separator: ",") + "]"
        let faults = try schema.faults(document)
        #expect(faults.count == 64)
        #expect(faults.last?.field == "[63]")
        #expect(!faults.contains { $0.message.contains("secret") })
    }

    @Test("names that somebody sent are tamed in a path")
    func tamedNames() throws {
        let faults = try CompiledSchema(json: #"{"additionalProperties":false}"#)
            .faults(#"{"a\n\"b":1,"\#(String(repeating: "k", count: 300))":2}"#)
        #expect(faults.map(\.field).first == #"["a??b"]"#)
        #expect((faults.last?.field.count ?? 0) < 80)
    }

    @Test("what would take more steps than any client may ask for is refused and not answered late")
    func exponential() throws {
        let schema = try CompiledSchema(
            json: ##"""
                {"anyOf":[{"properties":{"l":{"$ref":"#"}},"required":["x"]},{"properties":{"l":{"$ref":"#"}},"required":["y"]}]}
                """##)
        let deep = String(repeating: #"{"l":"#, count: 100) + "1" + String(repeating: "}", count: 100)
        #expect(try schema.sentences(deep) == ["body: takes too many steps to be checked"])
        #expect(try schema.sentences(#"{"l":{"y":1},"x":1}"#) == [])
    }

    @Test("a document as deep as any may be is checked by a schema that nests a level for each")
    func deep() throws {
        let schema = try CompiledSchema(
            json:
                ##"{"$ref":"#/$defs/t","$defs":{"t":{"allOf":[{"properties":{"l":{"$ref":"#/$defs/t"}}}],"type":"object"}}}"##
        )
        let deep = String(repeating: #"{"l":"#, count: 127) + "{}" + String(repeating: "}", count: 127)
        #expect(try schema.sentences(deep) == [])
    }
}
