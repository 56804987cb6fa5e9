import JSONCoding
import Testing

@testable import Gateway

@Suite("Random schemas")
struct SchemaFuzzTests {
    /// Makes JSON that is like schemas and like documents.
    private struct Maker {
        var random: SplitMix

        mutating func pick<Element>(_ list: [Element]) -> Element {
            list[Int.random(in: 0..<list.count, using: &random)]
        }

        mutating func scalar() -> JSONValue {
            pick([
                nil, true, false, 0, 1, -1, 2, 1.5, 10, "", "a", "ab", "b", "é😀", "2026-01-01", "a@b.co",
                JSONNumber(text: "1e400").map { .number($0) } ?? nil,
                JSONNumber(text: "0.10").map { .number($0) } ?? nil,
            ])
        }

        mutating func document(_ depth: Int = 0) -> JSONValue {
            switch Int.random(in: 0..<(depth < 4 ? 6 : 3), using: &random) {
            case 0...2: return scalar()
            case 3: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in document(depth + 1) })
            default:
                var object = JSONObject()
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    object[pick(["a", "b", "c", "ab", ""])] = document(depth + 1)
                }
                return .object(object)
            }
        }

        mutating func schemas(_ depth: Int) -> JSONValue {
            .array((0..<Int.random(in: 1...3, using: &random)).map { _ in schema(depth + 1) })
        }

        mutating func members(_ names: [String], _ depth: Int) -> JSONValue {
            var object = JSONObject()
            for _ in 0..<Int.random(in: 1...3, using: &random) { object[pick(names)] = schema(depth + 1) }
            return .object(object)
        }

        mutating func schema(_ depth: Int = 0) -> JSONValue {
            if depth > 4 || Int.random(in: 0..<8, using: &random) == 0 { return .bool(.random(using: &random)) }
            var object = JSONObject()
            for _ in 0..<Int.random(in: 1...4, using: &random) { add(to: &object, depth) }
            return .object(object)
        }

        private mutating func add(to object: inout JSONObject, _ depth: Int) {
            let types = ["null", "boolean", "number", "integer", "string", "array", "object"]
            switch Int.random(in: 0..<16, using: &random) {
            case 0: object["type"] = .string(pick(types))
            case 1: object["type"] = .array([.string(pick(types)), .string(pick(types))])
            case 2:
                object[pick(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])] = pick([
                    1, 0.5, 2, 3,
                ])
            case 3:
                object[
                    pick([
                        "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
                        "minContains", "maxContains",
                    ])] = pick([0, 1, 2])
            case 4: object["enum"] = .array([scalar(), document(3), scalar()])
            case 5: object["const"] = document(2)
            case 6: object[pick(["pattern", "format"])] = .string(pick(["^a", "b$", "date", "email", "uri"]))
            case 7: object["required"] = .array([.string(pick(["a", "b", "c"]))])
            case 8: object["uniqueItems"] = true
            case 9: object["properties"] = members(["a", "b", "c"], depth)
            case 10: object[pick(["patternProperties", "dependentSchemas"])] = members(["a", "b"], depth)
            case 11: object[pick(["allOf", "anyOf", "oneOf", "prefixItems"])] = schemas(depth)
            case 12:
                object[
                    pick(["not", "if", "then", "else", "items", "contains", "propertyNames", "additionalProperties"])] =
                    schema(depth + 1)
            case 13: object[pick(["unevaluatedProperties", "unevaluatedItems"])] = schema(depth + 1)
            case 14: object[pick(["$ref", "$dynamicRef"])] = .string(pick(["#/$defs/a", "#/$defs/b", "#x"]))
            default: object["dependentRequired"] = ["a": ["b"]]
            }
        }

        /// A document with the schemas `a` and `b`, whose root is what is given.
        mutating func whole() -> (definitions: JSONObject, root: JSONValue) {
            var second = schema()
            if case .object(var object) = second {
                object["$dynamicAnchor"] = "x"
                second = .object(object)
            } else {
                second = ["$dynamicAnchor": "x"]
            }
            return (["a": schema(), "b": second], ["$ref": .string(pick(["#/$defs/a", "#/$defs/b"]))])
        }
    }

    private func compiled(_ definitions: JSONObject, _ root: JSONValue) -> CompiledSchema? {
        guard case .object(var object) = root else { return nil }
        object["$defs"] = .object(definitions)
        return try? CompiledSchema(json: JSONValue.object(object).description)
    }

    @Test("a schema says the same of a document however it is asked", arguments: 1...6)
    func agreement(_ seed: UInt64) throws {
        var maker = Maker(random: SplitMix(seed: seed))
        var (valid, invalid) = (0, 0)
        for _ in 0..<150 {
            let (definitions, root) = maker.whole()
            guard let schema = compiled(definitions, root) else { continue }
            // Asked without reporting, and twice round: each must agree.
            let silent = try #require(compiled(definitions, ["not": ["not": root]]))
            let either = try #require(compiled(definitions, ["anyOf": [root, false]]))
            let only = try #require(compiled(definitions, ["if": root, "then": true, "else": false]))
            let never = try #require(compiled(definitions, ["not": root]))
            for _ in 0..<6 {
                let document = maker.document().description
                let isValid = try schema.faults(document).isEmpty
                if isValid { valid += 1 } else { invalid += 1 }
                #expect(try silent.faults(document).isEmpty == isValid, "\(definitions) \(root) \(document)")
                #expect(try either.faults(document).isEmpty == isValid, "\(definitions) \(root) \(document)")
                #expect(try only.faults(document).isEmpty == isValid, "\(definitions) \(root) \(document)")
                #expect(try never.faults(document).isEmpty != isValid, "\(definitions) \(root) \(document)")
            }
        }
        #expect(valid > 50 && invalid > 50)
    }

    @Test("any JSON as a schema is compiled or refused, and what is compiled runs", arguments: 1...4)
    func garbage(_ seed: UInt64) throws {
        var maker = Maker(random: SplitMix(seed: seed &* 101))
        let keywords = [
            "$id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$schema", "$vocabulary", "$defs", "type",
            "items",
            "properties", "required", "pattern", "minLength", "enum", "const", "allOf", "not", "if", "then", "format",
            "multipleOf", "dependentRequired", "patternProperties", "contains", "unevaluatedItems",
        ]
        var usable = 0
        for _ in 0..<1500 {
            var object = JSONObject()
            for _ in 0..<Int.random(in: 1...4, using: &maker.random) {
                object[maker.pick(keywords)] = Bool.random(using: &maker.random) ? maker.document() : maker.schema(2)
            }
            let result = SchemaCompiler.compile(JSONValue.object(object).description, .init())
            guard let tables = result.tables else {
                #expect(result.problems.contains { !$0.isWarning })
                continue
            }
            usable += 1
            _ = try CompiledSchema(tables, root: result.root).faults(maker.document().description)
        }
        #expect(usable > 50)
    }

    @Test("short numbers are compared as long ones are", arguments: 1...4)
    func numbers(_ seed: UInt64) throws {
        var maker = Maker(random: SplitMix(seed: seed &* 7))
        func text() -> String {
            let digits = String(Int64.random(in: -2000...2000, using: &maker.random))
            switch Int.random(in: 0..<4, using: &maker.random) {
            case 0: return digits
            case 1: return digits + ".\(Int.random(in: 0...999, using: &maker.random))"
            case 2: return digits + "e\(Int.random(in: -20...20, using: &maker.random))"
            default: return digits + ".5E+\(Int.random(in: 0...4, using: &maker.random))"
            }
        }
        var decided = 0
        for _ in 0..<3000 {
            let (one, other) = (text(), text())
            let left = try #require(JSONNumber(text: one))
            let right = try #require(JSONNumber(text: other))
            guard let short = one.withBytes({ ShortDecimal($0) }), let divisor = other.withBytes({ ShortDecimal($0) })
            else { continue }
            #expect(short.isWhole == left.isWhole, "\(one)")
            if let order = short.order(divisor) {
                decided += 1
                #expect(order == (left < right ? -1 : left == right ? 0 : 1), "\(one) \(other)")
            }
            if let isMultiple = short.isMultiple(of: divisor) {
                #expect(isMultiple == left.isMultiple(of: right), "\(one) \(other)")
            }
        }
        #expect(decided > 1000)
    }
}
