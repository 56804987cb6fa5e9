import Foundation

@testable import Manifests

/// As much of JSON Schema 2020-12 as the manifest's schema uses; any other keyword is a fault of its own.
struct SchemaChecker {
    let root: [String: Any]

    private static let annotations: Set = ["$schema", "title", "$defs", "description", "default"]

    /// What does not conform, by path; empty: everything does.
    func faults(_ value: Any) -> [String] { faults(value, root, "") }

    /// The schema of an object behind references, alternatives and lists.
    func objectSchema(in schema: [String: Any]) -> [String: Any] {
        if schema["properties"] != nil { return schema }
        if let name = schema["$ref"] as? String { return objectSchema(in: definition(name)) }
        for key in ["items", "additionalProperties"] {
            guard let inner = schema[key] as? [String: Any] else { continue }
            let found = objectSchema(in: inner)
            if found["properties"] != nil { return found }
        }
        for inner in schema["anyOf"] as? [[String: Any]] ?? [] {
            let found = objectSchema(in: inner)
            if found["properties"] != nil { return found }
        }
        return [:]
    }

    /// A tree as JSONSerialization would give it.
    static func value(_ tree: Tree) -> Any {
        switch tree.content {
        case .list(let items): return items.map(value)
        case .map(let pairs): return Dictionary(pairs.map { ($0.key, value($0.value)) }) { first, _ in first }
        case .scalar(let text, let isPlain):
            guard isPlain else { return text }
            if tree.isNull { return NSNull() }
            if let flag = PlainScalar.flag(text) { return flag }
            if let number = PlainScalar.number(text) { return number }
            return text
        }
    }

    private func definition(_ name: String) -> [String: Any] {
        let key = name.replacing("#/$defs/", with: "")
        return (root["$defs"] as? [String: Any])?[key] as? [String: Any] ?? [:]
    }

    private func faults(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        schema.flatMap { keyword, rule in faults(value, keyword, rule, schema, path) }
    }

    private func faults(
        _ value: Any, _ keyword: String, _ rule: Any, _ schema: [String: Any], _ path: String
    ) -> [String] {
        let object = value as? [String: Any]
        let number = value as? Double
        switch keyword {
        case _ where Self.annotations.contains(keyword): return []
        case "$ref": return faults(value, definition(rule as? String ?? ""), path)
        case "type":
            let types = rule as? [String] ?? [rule as? String ?? ""]
            return types.contains { Self.isType(value, $0) } ? [] : ["\(path): not \(types)"]
        case "anyOf":
            let schemas = rule as? [[String: Any]] ?? []
            return schemas.contains { faults(value, $0, path).isEmpty } ? [] : ["\(path): none of anyOf"]
        case "not": return ["\(path): not allowed"]
        case "enum":
            let words = rule as? [String] ?? []
            return words.contains(value as? String ?? "\u{0}") ? [] : ["\(path): none of \(words)"]
        case "pattern":
            guard let text = value as? String, let pattern = rule as? String else { return [] }
            return text.range(of: pattern, options: .regularExpression) == nil
                ? ["\(path): not \(pattern)"] : []
        case "minimum", "exclusiveMinimum", "maximum":
            guard let number, !(value is Bool), let limit = (rule as? NSNumber)?.doubleValue else {
                return []
            }
            let holds =
                keyword == "maximum"
                ? number <= limit : keyword == "minimum" ? number >= limit : number > limit
            return holds ? [] : ["\(path): \(keyword)"]
        case "required":
            return (rule as? [String] ?? []).filter { object != nil && object?[$0] == nil }.map {
                "\(path): no \($0)"
            }
        case "minItems", "minProperties":
            let count = (value as? [Any])?.count ?? object?.count ?? Int.max
            return count < (rule as? Int ?? 0) ? ["\(path): \(keyword)"] : []
        case "items":
            let items = value as? [Any] ?? []
            return items.enumerated().flatMap {
                faults($0.element, rule as? [String: Any] ?? [:], "\(path)/\($0.offset)")
            }
        case "properties":
            let properties = rule as? [String: [String: Any]] ?? [:]
            return (object ?? [:]).flatMap { key, inner in
                properties[key].map { faults(inner, $0, "\(path)/\(key)") } ?? []
            }
        case "propertyNames":
            return (object ?? [:]).keys.flatMap { faults($0, rule as? [String: Any] ?? [:], "\(path)/\($0)") }
        case "additionalProperties":
            let known = Set((schema["properties"] as? [String: Any] ?? [:]).keys)
            return (object ?? [:]).filter { !known.contains($0.key) }.flatMap { key, inner in
                (rule as? [String: Any]).map { faults(inner, $0, "\(path)/\(key)") } ?? [
                    "\(path): unknown \(key)"
                ]
            }
        default: return ["\(path): the checker does not know \(keyword)"]
        }
    }

    private static func isType(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "null": value is NSNull
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "boolean": value is Bool
        case "string": value is String
        case "number": value is Double && !(value is Bool)
        case "integer": (value as? Double).map { $0 == $0.rounded() } == true && !(value is Bool)
        default: false
        }
    }
}
