import JSONCoding
import Manifests

/// A JSON Schema 2020-12 moved into another document: every reference inside it is made to lead to its new place.
///
/// Names that would be the whole document's then (`$id`, `$anchor`, `$dynamicAnchor`) are replaced by pointers and
/// taken out. A reference that leads nowhere in the schema says nothing and is taken out too.
struct SchemaEmbedding {
    /// The schema in its new place.
    private(set) var value: JSONValue = .bool(true)
    /// Whether anything in it refers to another part of it.
    private(set) var hasReferences = false

    private static let single: Set<String> = [
        "additionalProperties", "items", "contains", "not", "if", "then", "else", "propertyNames", "unevaluatedItems",
        "unevaluatedProperties", "contentSchema",
    ]
    private static let lists: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
    private static let maps: Set<String> = [
        "properties", "patternProperties", "$defs", "definitions", "dependentSchemas",
    ]

    private let place: String
    /// Where a resource begins, by its `$id`; where an anchor is, by its resource's place, `#` and its name.
    private var targets: [String: String] = [:]

    /// Nil for what is no JSON.
    ///
    /// - Parameter place: the pointer of the new place, `#/components/schemas/NAME`.
    init?(_ document: SchemaDocument, at place: String) {
        guard let schema = try? JSONValue.parse(Array(document.json.utf8)) else { return nil }
        self.place = place
        note(schema, at: place, base: place)
        value = moved(schema, base: place, at: place)
    }

    /// The properties of the object that the schema describes, each with its schema and whether it must be there;
    /// also of what it refers to or is composed of by `allOf`. Those that only an alternative or a condition names come
    /// last, and need not be there.
    func properties() -> [(name: String, schema: JSONValue, isRequired: Bool)] {
        var found: [(name: String, schema: JSONValue)] = []
        var required: Set<String> = []
        for isCertain in [true, false] {
            var followed: Set<String> = []
            collect(value, isCertain: isCertain, &found, &required, &followed)
        }
        return found.map { ($0.name, $0.schema, required.contains($0.name)) }
    }

    /// Collects from what applies to every value, or else from everything, and then nothing of it is required.
    private func collect(
        _ schema: JSONValue, isCertain: Bool, _ found: inout [(name: String, schema: JSONValue)],
        _ required: inout Set<String>, _ followed: inout Set<String>
    ) {
        for member in schema["properties"]?.objectValue?.members ?? []
        where !found.contains(where: { $0.name == member.key }) {
            found.append((member.key, member.value))
        }
        if isCertain { required.formUnion((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)) }
        // References may lead in a circle; the depth of everything else is that of the text.
        if let reference = schema["$ref"]?.stringValue, followed.insert(reference).inserted,
            let target = target(of: reference)
        {
            collect(target, isCertain: isCertain, &found, &required, &followed)
        }
        for part in (schema["allOf"]?.arrayValue ?? []) + (isCertain ? [] : Self.alternatives(schema)) {
            collect(part, isCertain: isCertain, &found, &required, &followed)
        }
    }

    /// The schemas that apply to the same object under a condition.
    private static func alternatives(_ schema: JSONValue) -> [JSONValue] {
        var parts = (schema["anyOf"]?.arrayValue ?? []) + (schema["oneOf"]?.arrayValue ?? [])
        // Without `if` the others say nothing.
        if let condition = schema["if"] { parts += [condition, schema["then"], schema["else"]].compactMap { $0 } }
        return parts + (schema["dependentSchemas"]?.objectValue?.members ?? []).map(\.value)
    }

    /// What a reference leads to that has been moved.
    private func target(of reference: String) -> JSONValue? {
        guard reference.hasPrefix(place) else { return nil }
        let steps = reference.dropFirst(place.count).split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        return steps.reduce(Optional(value)) { value, step in
            let step = Self.unescaped(step)
            if case .array? = value { return Int(step).flatMap { value?[$0] } }
            return value?[step]
        }
    }

    /// Learns where resources and anchors are.
    private mutating func note(_ schema: JSONValue, at pointer: String, base: String) {
        guard let object = schema.objectValue else { return }
        var base = base
        if let id = object["$id"]?.stringValue {
            base = pointer
            targets[id.hasSuffix("#") ? String(id.dropLast()) : id] = pointer
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            if let name = object[key]?.stringValue { targets["\(base)#\(name)"] = pointer }
        }
        for member in object.members {
            let inner = "\(pointer)/\(Self.escaped(member.key))"
            if Self.single.contains(member.key) {
                note(member.value, at: inner, base: base)
            } else if Self.lists.contains(member.key) {
                for (index, part) in (member.value.arrayValue ?? []).enumerated() {
                    note(part, at: "\(inner)/\(index)", base: base)
                }
            } else if Self.maps.contains(member.key) {
                for part in member.value.objectValue?.members ?? [] {
                    note(part.value, at: "\(inner)/\(Self.escaped(part.key))", base: base)
                }
            }
        }
    }

    private mutating func moved(_ schema: JSONValue, base: String, at pointer: String) -> JSONValue {
        guard let object = schema.objectValue else { return schema }
        let base = object["$id"]?.stringValue == nil ? base : pointer
        var result = JSONObject()
        for member in object.members {
            let inner = "\(pointer)/\(Self.escaped(member.key))"
            switch member.key {
            case "$id", "$anchor", "$dynamicAnchor", "$schema", "$vocabulary", "$comment": continue
            case "$ref", "$dynamicRef":
                guard let reference = member.value.stringValue, let place = resolved(reference, base: base) else {
                    continue
                }
                hasReferences = true
                // By a pointer both mean the same, and every tool knows the first.
                result[object["$ref"] == nil ? "$ref" : member.key] = .string(place)
            case _ where Self.single.contains(member.key):
                result[member.key] = moved(member.value, base: base, at: inner)
            case _ where Self.lists.contains(member.key):
                guard let parts = member.value.arrayValue else { continue }
                var list: [JSONValue] = []
                for (index, part) in parts.enumerated() {
                    list.append(moved(part, base: base, at: "\(inner)/\(index)"))
                }
                result[member.key] = .array(list)
            case _ where Self.maps.contains(member.key):
                guard let parts = member.value.objectValue else { continue }
                var map = JSONObject()
                for part in parts.members {
                    map[part.key] = moved(part.value, base: base, at: "\(inner)/\(Self.escaped(part.key))")
                }
                result[member.key] = .object(map)
            default: result[member.key] = member.value
            }
        }
        return .object(result)
    }

    /// The pointer in the whole document that a reference of the schema means; nil where it leads out of the schema.
    private func resolved(_ reference: String, base: String) -> String? {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let fragment = parts.count > 1 ? String(parts[1]) : ""
        let resource: String
        if let uri = parts.first, !uri.isEmpty {
            guard let target = targets[String(uri)] else { return nil }
            resource = target
        } else {
            resource = base
        }
        if fragment.isEmpty { return resource }
        return fragment.hasPrefix("/") ? resource + fragment : targets["\(resource)#\(fragment)"]
    }

    /// A key as a step of a JSON pointer (RFC 6901) in a fragment of a URI.
    private static func escaped(_ key: String) -> String {
        var step = ""
        for byte in key.utf8 {
            switch byte {
            case UInt8(ascii: "~"): step += "~0"
            case UInt8(ascii: "/"): step += "~1"
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                step.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where "$-._!&'()*+,;=:@".utf8.contains(byte): step.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                step += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return step
    }

    private static func unescaped(_ step: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(step.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else {
                    bytes.append(byte)
                    continue
                }
                bytes.append(value)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "~"):
                bytes.append(rest.popFirst() == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
