import JSONCoding
import Manifests
import Testing

@testable import Gateway

@Suite("OpenAPI: schemas in a new place")
struct SchemaEmbeddingTests {
    @Test(
        "references follow their targets",
        arguments: [
            (##"{"items":{"$ref":"#"}}"##, ##"{"items":{"$ref":"#/S"}}"##),
            (
                ##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"null"}}}"##,
                ##"{"$ref":"#/S/$defs/a","$defs":{"a":{"type":"null"}}}"##
            ),
            (
                ##"{"not":{"$ref":"#x"},"$defs":{"a b/c":{"$anchor":"x"}}}"##,
                ##"{"not":{"$ref":"#/S/$defs/a%20b~1c"},"$defs":{"a b/c":{}}}"##
            ),
            (
                ##"{"$dynamicAnchor":"n","prefixItems":[{"$dynamicRef":"#n"}]}"##,
                ##"{"prefixItems":[{"$ref":"#/S"}]}"##
            ),
            (
                ##"{"$id":"http://x/y","allOf":[{"$ref":"http://x/y#/$defs/a"}],"$defs":{"a":true}}"##,
                ##"{"allOf":[{"$ref":"#/S/$defs/a"}],"$defs":{"a":true}}"##
            ),
            (
                ##"{"$defs":{"in":{"$id":"in","if":{"$ref":"#/then"},"then":{}}},"$ref":"in"}"##,
                ##"{"$defs":{"in":{"if":{"$ref":"#/S/$defs/in/then"},"then":{}}},"$ref":"#/S/$defs/in"}"##
            ),
        ])
    func references(schema: String, moved: String) throws {
        let embedding = try #require(SchemaEmbedding(SchemaDocument(json: schema), at: "#/S"))
        #expect(embedding.value.description == moved)
        #expect(embedding.hasReferences)
    }

    @Test("what leads out of the schema says nothing")
    func outside() throws {
        let json = ##"{"allOf":[{"$ref":"http://elsewhere/x"},{"$ref":"#nowhere","minimum":1}]}"##
        let embedding = try #require(SchemaEmbedding(SchemaDocument(json: json), at: "#/S"))
        #expect(embedding.value == ["allOf": [[:], ["minimum": 1]]])
        #expect(!embedding.hasReferences)
    }

    @Test(
        "data and properties that look like keywords are left alone",
        arguments: [
            ##"{"const":{"$ref":"#/a"}}"##, ##"{"enum":[{"$id":"a"}],"default":{"$ref":"#"}}"##,
            ##"{"examples":[{"$anchor":"x","$ref":"#x"}]}"##, ##"{"multipleOf":0.10,"maximum":1e400}"##,
            ##"{"properties":{"$ref":{"type":"string"},"$id":{"type":"string"}}}"##,
        ])
    func untouched(schema: String) throws {
        #expect(SchemaEmbedding(SchemaDocument(json: schema), at: "#/S")?.value.description == schema)
    }

    @Test("properties are found behind references and in allOf, each once")
    func properties() throws {
        let json = ##"""
            {"properties": {"a": {"type": "string"}}, "required": ["a", "c"],
             "allOf": [{"$ref": "#/$defs/more"}, {"properties": {"a": {"type": "null"}, "c": true}}],
             "$defs": {"more": {"properties": {"b": {"$ref": "#/$defs/more"}}, "allOf": [{"$ref": "#/$defs/more"}]}}}
            """##
        let properties = try #require(SchemaEmbedding(SchemaDocument(json: json), at: "#/S")).properties()
        #expect(properties.map(\.name) == ["a", "b", "c"])
        #expect(properties.map(\.isRequired) == [true, false, true])
        #expect(properties.map(\.schema) == [["type": "string"], ["$ref": "#/S/$defs/more"], true])
    }

    @Test(
        "what only an alternative or a condition names comes last and is not required; the first schema of a name wins",
        arguments: [
            (##"{"anyOf":[{"properties":{"b":{"minimum":1}},"required":["b"]},{"properties":{"b":true}}]}"##, ["b"]),
            (##"{"oneOf":[true,{"properties":{"b":{"minimum":1},"a":false},"required":["b"]}]}"##, ["b"]),
            (##"{"if":{"properties":{"b":{"minimum":1}},"required":["b"]}}"##, ["b"]),
            (##"{"if":true,"then":{"properties":{"b":{"minimum":1}}},"else":{"properties":{"c":true}}}"##, ["b", "c"]),
            (##"{"then":{"properties":{"b":{"minimum":1}}},"else":{"properties":{"c":true}}}"##, []),
            (##"{"dependentSchemas":{"a":{"properties":{"b":{"minimum":1}},"required":["b"]}}}"##, ["b"]),
            (##"{"not":{"properties":{"b":true}}}"##, []),
            (
                ##"{"anyOf":[{"$ref":"#/$defs/x"}],"$defs":{"x":{"properties":{"b":{"minimum":1}},"$ref":"#"}}}"##,
                ["b"]
            ),
            (##"{"anyOf":{},"oneOf":7,"if":[],"then":"a","dependentSchemas":[]}"##, []),
        ] as [(String, [String])])
    func alternatives(more: String, names: [String]) throws {
        let json = ##"{"required":["a"],"properties":{"a":{"maximum":2}},"## + String(more.dropFirst())
        let properties = try #require(SchemaEmbedding(SchemaDocument(json: json), at: "#/S")).properties()
        #expect(properties.map(\.name) == ["a"] + names)
        #expect(properties.map(\.isRequired) == [true] + names.map { _ in false })
        #expect(properties.first?.schema == ["maximum": 2])
        if !names.isEmpty { #expect(properties.dropFirst().first?.schema == ["minimum": 1]) }
    }

    @Test("what is required of every value is so wherever else it stands")
    func certain() throws {
        let json = ##"""
            {"allOf": [{"anyOf": [{"$ref": "#/$defs/x"}]}, {"$ref": "#/$defs/x"}],
             "$defs": {"x": {"properties": {"a": true}, "required": ["a"]}}}
            """##
        let properties = try #require(SchemaEmbedding(SchemaDocument(json: json), at: "#/S")).properties()
        #expect(properties.map(\.name) == ["a"])
        #expect(properties.map(\.isRequired) == [true])
    }

    @Test(
        "text that is no usable schema describes nothing and harms nothing",
        arguments: ["", "[", "true", "[]", #"{"properties":[],"allOf":{},"$ref":7,"required":"a"}"#])
    func nonsense(json: String) throws {
        let embedding = SchemaEmbedding(SchemaDocument(json: json), at: "#/S")
        #expect((embedding == nil) == ["", "["].contains(json))
        #expect(embedding?.properties().isEmpty != false)
    }
}
