import JSONCoding
import Testing

@testable import Gateway

@Suite("What is wrong with a schema")
struct SchemaProblemTests {
    @Test(
        "each problem is named by its place, all at once",
        arguments: [
            ("{}", []),
            ("[1]", [": is an array, and a schema is an object, true or false"]),
            ("{", [": is not valid JSON: expected a key in quotes, found the end of the document (at byte 1)"]),
            (#"{"type":"strin"}"#, ["/type: `type` names `strin`, which is no type"]),
            (
                #"{"type":3,"minLength":-1}"#,
                ["/type: `type` is a number", "/minLength: `minLength` is no whole number from 0 on"]
            ),
            (#"{"minimum":"1"}"#, ["/minimum: `minimum` is a string"]),
            (#"{"exclusiveMinimum":true}"#, ["/exclusiveMinimum: `exclusiveMinimum` is a boolean"]),
            (#"{"multipleOf":0}"#, ["/multipleOf: `multipleOf` is not above 0"]),
            (#"{"enum":1}"#, ["/enum: `enum` is a number"]),
            (#"{"required":"a"}"#, ["/required: `required` is no array of names"]),
            (#"{"properties":[]}"#, ["/properties: `properties` is an array"]),
            (#"{"properties":{"a/b":1}}"#, ["/properties/a~1b: is a number, and a schema is an object, true or false"]),
            (#"{"items":[{}]}"#, ["/items: `items` is an array, as it was before draft 2020-12"]),
            (#"{"allOf":[]}"#, ["/allOf: `allOf` is empty"]),
            (#"{"pattern":"("}"#, ["/pattern: the pattern has a `(` without its `)`, at character 1"]),
            (
                #"{"pattern":"(?=a)"}"#,
                ["/pattern: the pattern looks ahead, which cannot be checked in linear time, at character 1"]
            ),
            (
                #"{"patternProperties":{"a(":{}}}"#,
                ["/patternProperties/a(: the pattern has a `(` without its `)`, at character 2"]
            ),
            (#"{"$ref":"other.json"}"#, ["/$ref: `$ref` refers to `other.json`, which is not in this document"]),
            (
                #"{"$ref":"https://example.com/x.json#/a"}"#,
                ["/$ref: `$ref` refers to `https://example.com/x.json#/a`, which is not in this document"]
            ),
            (##"{"$ref":"#/$defs/a"}"##, ["/$ref: `$ref` refers to `#/$defs/a`, and there is no schema"]),
            (##"{"$ref":"#name"}"##, ["/$ref: `$ref` refers to `#name`, and there is no schema"]),
            (
                ##"{"$ref":"#/required/0","required":["a"]}"##,
                ["/$ref: `$ref` refers to `#/required/0`, and there is no schema"]
            ),
            (##"{"$ref":"#"}"##, [": refers back to itself without end"]),
            (
                ##"{"$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}"##,
                ["/$defs/b/not: refers back to itself without end"]
            ),
            (##"{"$dynamicRef":"#a","$dynamicAnchor":"a"}"##, [": refers back to itself without end"]),
            (
                #"{"$schema":"http://json-schema.org/draft-07/schema#"}"#,
                ["/$schema: `$schema` names another draft than 2020-12"]
            ),
            (
                #"{"$schema":"https://example.com/mine"}"#,
                ["/$schema: `$schema` names a meta-schema that is not in this document"]
            ),
            (#"{"$id":"a#b"}"#, ["/$id: `$id` is not a URI without a fragment"]),
            (#"{"$anchor":"1"}"#, ["/$anchor: `$anchor` is not a name"]),
            (
                #"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"#,
                ["/$defs/b/$anchor: the anchor `x` stands twice in one schema resource"]
            ),
            (
                #"{"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}"#,
                ["/$defs/b/$id: `$id` is that of another schema in this document too"]
            ),
            // Schemas that nothing refers to are read too.
            (
                #"{"$defs":{"unused":{"minItems":1.5}}}"#,
                ["/$defs/unused/minItems: `minItems` is no whole number from 0 on"]
            ),
            // Warnings.
            (
                #"{"requried":["a"],"minlength":1,"nullable":true,"x-own":1}"#,
                [
                    "/nullable: `nullable` means nothing in draft 2020-12",
                    "/requried: `requried` is no keyword and is ignored",
                    "/minlength: `minlength` is no keyword and is ignored",
                ]
            ),
        ])
    func problem(schema: String, expected: [String]) {
        #expect(problems(of: schema) == expected)
    }

    @Test("every problem says what to write instead")
    func fixes() {
        let schema = #"{"type":"x","$ref":"y","pattern":"[","allOf":{},"required":[1],"format":1,"uniqueItems":0}"#
        let found = SchemaCompiler.compile(schema, .init()).problems
        #expect(found.count == 7)
        #expect(found.allSatisfy { !$0.fix.isEmpty && !$0.message.hasSuffix(".") })
    }

    @Test("warnings leave the schema usable, errors do not")
    func warnings() throws {
        #expect(try CompiledSchema(json: #"{"requried":["a"]}"#).sentences("{}") == [])
        #expect(throws: SchemaProblems.self) { try CompiledSchema(json: #"{"type":"x"}"#) }
    }

    @Test("a reference that goes into a part of the value may be endless")
    func recursive() throws {
        let tree = try CompiledSchema(
            json:
                ##"{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}}},"additionalProperties":false}"##
        )
        #expect(
            try tree.sentences(#"{"children":[{"children":[{"x":1}]}]}"#) == [
                "children[0].children[0].x: is not a known field"
            ])
    }

    @Test("a loop that only the way to it makes is refused when it runs")
    func dynamicLoop() throws {
        let schema = try CompiledSchema(
            json: ##"""
                {"$id":"https://e.com/root","$dynamicAnchor":"n","$ref":"list","$defs":{"list":{"$id":"list",
                "$dynamicRef":"#n","$defs":{"d":{"$dynamicAnchor":"n"}}}}}
                """##)
        #expect(try schema.sentences("1") == ["body: takes too many steps to be checked"])
    }

    @Test("a schema of a hundred thousand parts is refused and does not run for ever")
    func large() {
        let many = (0..<20_100).map { #""p\#($0)":{"type":"string"}"# }.joined(separator: ",")
        #expect(problems(of: #"{"properties":{\#(many)}}"#) == [": has more than 20000 schemas"])
        let deep = String(repeating: #"{"not":"#, count: 100_000) + "{}" + String(repeating: "}", count: 100_000)
        #expect(problems(of: deep).count == 1)
    }

    @Test("a meta-schema in the document chooses the vocabularies")
    func vocabularies() throws {
        func schema(_ vocabulary: String) -> String {
            #"""
            {"$schema":"https://example.com/meta","minimum":10,"properties":{"a":false},"$defs":{"meta":{
            "$id":"https://example.com/meta","$vocabulary":{\#(vocabulary)}}}}
            """#
        }
        let base = "https://json-schema.org/draft/2020-12/vocab/"
        let noValidation = try CompiledSchema(json: schema(#""\#(base)core":true,"\#(base)applicator":true"#))
        #expect(try noValidation.sentences("1") == [])
        #expect(try noValidation.sentences(#"{"a":1}"#) == ["a: is not allowed"])
        let optional = try CompiledSchema(json: schema(#""\#(base)validation":true,"https://example.com/own":false"#))
        #expect(try optional.sentences("1") == ["body: must be at least 10"])
        #expect(try optional.sentences(#"{"a":1}"#) == [])
        #expect(
            problems(of: schema(#""https://example.com/own":true"#))
                == ["/$schema: `$schema` requires the vocabulary https://example.com/own, which is not known here"])
    }

    @Test("the draft's own meta-schema is there, whole")
    func metaSchema() throws {
        let schema = try CompiledSchema(json: #"{"$ref":"https://json-schema.org/draft/2020-12/schema"}"#)
        #expect(try schema.sentences(#"{"properties":{"a":{"minLength":1,"items":[true]}}}"#).count == 1)
        #expect(
            try schema.sentences(#"{"allOf":[{"properties":{"a":{"minLength":-1}}}]}"#) == [
                "allOf[0].properties.a.minLength: must be at least 0"
            ])
        for document in MetaSchemas.documents { #expect(try schema.sentences(document) == []) }
    }
}
