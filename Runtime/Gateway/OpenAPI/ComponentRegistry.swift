import JSONCoding
import Manifests
import WireProtocol

/// What operations share, each under a name: collected while they are described, and only what one of them uses.
struct ComponentRegistry {
    private var schemas = JSONObject()
    /// The text of each schema that came from the manifest, by its component's name.
    private var sources: [String: String] = [:]
    private var parameters = JSONObject()
    private var headers = JSONObject()
    private var responses = JSONObject()

    /// A reference to a schema of the manifest, which becomes a component; nil for what is no JSON.
    ///
    /// Its `title` names it where that has the form of a name and no other schema has it, else the name given does.
    mutating func schema(_ document: SchemaDocument, named name: String) -> JSONValue? {
        guard let parsed = try? JSONValue.parse(Array(document.json.utf8)) else { return nil }
        let title = parsed["title"]?.stringValue.flatMap { Self.isName($0) ? $0 : nil }
        let name = [title, name].compactMap { $0 }.first { isFree($0, for: document) } ?? numbered(name, document)
        if sources[name] == nil {
            guard let embedded = SchemaEmbedding(document, at: Self.pointer("schemas", name)) else { return nil }
            sources[name] = document.json
            schemas[name] = embedded.value
        }
        return Self.reference("schemas", name)
    }

    /// The properties of an object's schema, to stand by themselves; the schema becomes a component only where they
    /// refer to parts of it.
    mutating func properties(
        _ document: SchemaDocument, named name: String
    ) -> [(name: String, schema: JSONValue, isRequired: Bool)] {
        let name = isFree(name, for: document) ? name : numbered(name, document)
        guard let embedded = SchemaEmbedding(document, at: Self.pointer("schemas", name)) else { return [] }
        if embedded.hasReferences, sources[name] == nil {
            sources[name] = document.json
            schemas[name] = embedded.value
        }
        return embedded.properties()
    }

    /// A reference to a schema of the conventions.
    mutating func schema(_ shared: SharedSchema) -> JSONValue {
        for shared in shared.uses + [shared] where schemas[shared.rawValue] == nil {
            schemas[shared.rawValue] = shared.value
        }
        return Self.reference("schemas", shared.rawValue)
    }

    /// `headers` of a response.
    mutating func headers(_ names: [SharedHeader]) -> JSONValue {
        var object = JSONObject()
        for name in names {
            if headers[name.rawValue] == nil { headers[name.rawValue] = name.value }
            object[name.rawValue] = Self.reference("headers", name.rawValue)
        }
        return .object(object)
    }

    /// A reference to a parameter.
    mutating func parameter(named name: String, _ make: () -> JSONValue) -> JSONValue {
        if parameters[name] == nil { parameters[name] = make() }
        return Self.reference("parameters", name)
    }

    /// A reference to a response.
    mutating func response(named name: String, _ make: (inout ComponentRegistry) -> JSONValue) -> JSONValue {
        if responses[name] == nil {
            let response = make(&self)
            responses[name] = response
        }
        return Self.reference("responses", name)
    }

    /// `components`.
    func value(_ securitySchemes: JSONObject) -> JSONValue {
        var object = JSONObject()
        for (key, members) in [
            ("schemas", schemas), ("responses", responses), ("parameters", parameters), ("headers", headers),
            ("securitySchemes", securitySchemes),
        ] where !members.isEmpty {
            object[key] = .object(members)
        }
        return .object(object)
    }

    private func isFree(_ name: String, for document: SchemaDocument) -> Bool {
        guard SharedSchema(rawValue: name) == nil else { return false }
        return sources[name].map { $0 == document.json } ?? true
    }

    private func numbered(_ name: String, _ document: SchemaDocument) -> String {
        var number = 2
        while !isFree("\(name)_\(number)", for: document) { number += 1 }
        return "\(name)_\(number)"
    }

    /// Whether a text may be a component's name: 64 letters, digits, `.`, `_` and `-` at most.
    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func pointer(_ kind: String, _ name: String) -> String { "#/components/\(kind)/\(name)" }

    private static func reference(_ kind: String, _ name: String) -> JSONValue {
        ["$ref": .string(pointer(kind, name))]
    }
}
