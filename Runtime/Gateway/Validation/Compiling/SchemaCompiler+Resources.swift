import JSONCoding

extension SchemaCompiler {
    /// Where keywords hold schemas.
    enum Holding {
        case schema, list, map
    }

    static func holding(_ keyword: String) -> Holding? {
        switch keyword {
        case "items", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not",
            "unevaluatedItems", "unevaluatedProperties", "contentSchema":
            .schema
        case "prefixItems", "allOf", "anyOf", "oneOf": .list
        case "properties", "patternProperties", "dependentSchemas", "$defs", "definitions": .map
        default: nil
        }
    }

    /// Finds the schemas below one, itself included. It recurses as deep as the document is nested, which its reader
    /// bounds.
    mutating func index(_ value: JSONValue, _ location: Location, resource: Int) {
        guard places[location] == nil else { return }
        guard let object = value.objectValue else {
            guard value.boolValue != nil else {
                problem(
                    location, nil, "is \(value.kindName), and a schema is an object, true or false",
                    fix: "write a schema here")
                return
            }
            place(value, location, resource)
            return
        }
        let resource = self.resource(of: object, location, within: resource)
        place(value, location, resource)
        anchors(of: object, location, resource)
        for member in object.members {
            guard let holding = SchemaCompiler.holding(member.key) else { continue }
            let below = Location(
                document: location.document, pointer: location.pointer + "/" + SchemaCompiler.escaped(member.key))
            switch (holding, member.value) {
            case (.schema, .object), (.schema, .bool): index(member.value, below, resource: resource)
            case (.schema, .array) where member.key == "items":
                problem(
                    location, "items", "`items` is an array, as it was before draft 2020-12",
                    fix: "write `prefixItems` for the first elements, and `items` for one schema of the others")
            case (.list, .array(let elements)):
                for (position, element) in elements.enumerated() {
                    index(
                        element, Location(document: below.document, pointer: below.pointer + "/\(position)"),
                        resource: resource)
                }
            case (.map, .object(let members)):
                for member in members.members {
                    index(
                        member.value,
                        Location(
                            document: below.document,
                            pointer: below.pointer + "/" + SchemaCompiler.escaped(member.key)),
                        resource: resource)
                }
            default:
                let wanted =
                    holding == .schema
                    ? "a schema" : holding == .list ? "an array of schemas" : "an object of schemas"
                problem(
                    location, member.key, "`\(member.key)` is \(member.value.kindName)", fix: "write \(wanted)")
            }
        }
    }

    private mutating func place(_ value: JSONValue, _ location: Location, _ resource: Int) {
        places[location] = Place(value: value, resource: resource)
        found.append(location)
    }

    /// The resource of a schema: its own if it has an `$id`, else the one around it.
    private mutating func resource(of object: JSONObject, _ location: Location, within outer: Int) -> Int {
        var resource = outer
        if let id = object["$id"] {
            guard let text = id.stringValue, (SchemaURI(text).fragment ?? "").isEmpty else {
                problem(
                    location, "$id", "`$id` is not a URI without a fragment",
                    fix: "write a URI such as https://example.com/user.json, and `$anchor` for a name within it")
                return outer
            }
            let uri = SchemaURI(resources[outer].uri.resolve(text).document)
            if location.pointer.isEmpty {
                resources[outer].uri = uri
            } else {
                resources.append(
                    Resource(uri: uri, location: location, vocabularies: resources[outer].vocabularies))
                resource = resources.count - 1
            }
            if let other = resourceByURI[uri.document], other != resource, !uri.document.isEmpty {
                problem(
                    location, "$id", "`$id` is that of another schema in this document too",
                    fix: "write another one")
            } else {
                resourceByURI[uri.document] = resource
            }
        }
        if object["$schema"] != nil { dialect(of: object, location, resource) }
        return resource
    }

    /// Reads `$schema`: the draft's own meta-schema, or one in this document.
    private mutating func dialect(of object: JSONObject, _ location: Location, _ resource: Int) {
        guard let text = object["$schema"]?.stringValue else {
            problem(location, "$schema", "`$schema` is no text", fix: "write `$schema: \(MetaSchemas.schema)`")
            return
        }
        let uri = SchemaURI(text).document
        if uri == MetaSchemas.schema { return }
        guard let vocabulary = documents.first?.objectValue.flatMap({ SchemaCompiler.metaSchema(uri, in: $0) }) else {
            let isDraft = uri.contains("json-schema.org/")
            problem(
                location, "$schema",
                isDraft
                    ? "`$schema` names another draft than 2020-12"
                    : "`$schema` names a meta-schema that is not in this document",
                fix: "write `$schema: \(MetaSchemas.schema)`, or leave it out", missing: isDraft ? nil : text)
            return
        }
        var unknown: String?
        resources[resource].vocabularies = Vocabularies(vocabulary, unknown: &unknown)
        if let unknown {
            problem(
                location, "$schema", "`$schema` requires the vocabulary \(unknown), which is not known here",
                fix: "write `$schema: \(MetaSchemas.schema)`")
        }
    }

    /// The `$vocabulary` of a meta-schema that stands under `$defs` with that `$id`.
    private static func metaSchema(_ uri: String, in document: JSONObject) -> JSONObject? {
        for definition in document["$defs"]?.objectValue?.members ?? [] {
            if definition.value["$id"]?.stringValue == uri { return definition.value["$vocabulary"]?.objectValue }
        }
        return nil
    }

    private mutating func anchors(of object: JSONObject, _ location: Location, _ resource: Int) {
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let value = object[keyword] else { continue }
            guard let name = value.stringValue, SchemaCompiler.isAnchor(name) else {
                problem(
                    location, keyword, "`\(keyword)` is not a name",
                    fix: "write a letter or `_`, then letters, digits, `-`, `_` and `.`")
                continue
            }
            // An anchor twice in one resource is undefined; two names for one place are not.
            if let other = resources[resource].anchors[name], other != location {
                problem(
                    location, keyword, "the anchor `\(name)` stands twice in one schema resource",
                    fix: "write another name")
            }
            resources[resource].anchors[name] = location
            if keyword == "$dynamicAnchor" { resources[resource].dynamicAnchors[name] = location }
        }
    }

    private static func isAnchor(_ name: String) -> Bool {
        guard let first = name.utf8.first, first.isLetter || first == 0x5F else { return false }
        return name.utf8.allSatisfy { $0.isLetter || $0.isDecimalDigit || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }
}
