/// The manifest's JSON Schema, for editors.
public enum ManifestSchema {
    /// JSON Schema 2020-12 as indented text, ending with a line end; made from the table that the parser uses.
    public static func jsonSchema() -> String {
        let root: JSONText = .object(
            [
                ("$schema", "https://json-schema.org/draft/2020-12/schema"),
                ("title", "Swiftlet manifest, version 1"),
            ] + object(KeyTable.manifest, path: "") + [
                (
                    "$defs",
                    .object([
                        ("reference", reference),
                        ("text", text),
                        ("function", .object(object(KeyTable.function, path: "function"))),
                        ("defaults", .object(object(KeyTable.defaults, path: "function"))),
                    ])
                )
            ])
        return root.rendered(indentation: 0) + "\n"
    }

    private typealias Members = [(key: String, value: JSONText)]

    /// `${NAME}` stands in for a value of any type.
    private static let reference: JSONText = .object([("type", "string"), ("pattern", "^\\$\\{[^}]+\\}$")])

    private static let text: JSONText = .object([
        (
            "anyOf",
            .array([
                .object([("type", "string")]),
                .object([
                    ("type", "object"), ("properties", .object([("file", .object([("type", "string")]))])),
                    ("required", ["file"]), ("additionalProperties", false),
                ]),
            ])
        )
    ])

    /// `{file: PATH}` in place of a text.
    private static let file: Members = [("type", "object"), ("required", ["file"])]

    private static func object(_ record: Record, path: String) -> Members {
        let inFunction = path.hasPrefix("function")
        let properties: Members = record.fields.map { field in
            (field.name, property(field, path: path.isEmpty ? field.name : path + "." + field.name))
        }
        var members: Members = [
            ("type", "object"), ("properties", .object(properties)), ("additionalProperties", false),
        ]
        // In a function a key may come from `defaults`, so nothing is required there.
        let required = record.fields.filter { $0.isRequired && !inFunction }
        if !required.isEmpty { members.append(("required", .array(required.map { .text($0.name) }))) }
        return members
    }

    private static func property(_ field: Field, path: String) -> JSONText {
        let isRefused = Allowance.supported.refuses(path)
        var members: Members = [
            ("description", .text(isRefused ? "Not supported yet. " + field.summary : field.summary))
        ]
        if let fallback = field.fallback { members.append(("default", fallback)) }
        if field.name == "defaults", path == "defaults" {
            return .object(members + [("$ref", "#/$defs/defaults")])
        }
        let own = schema(field.shape, path: path)
        if case .later = field.shape { return .object(members + own) }
        guard path.hasPrefix("function."), own.first?.key != "anyOf" else { return .object(members + own) }
        return .object(members + anyOf([own, [("type", "null")]]))
    }

    private static func anyOf(_ schemas: [Members]) -> Members {
        [("anyOf", .array(schemas.map { .object($0) }))]
    }

    private static func orReference(_ schema: Members) -> Members {
        anyOf([schema, [("$ref", "#/$defs/reference")]])
    }

    /// A pattern that a reference anywhere in the text also fulfils.
    private static func pattern(_ pattern: String) -> Members {
        [("type", "string"), ("pattern", .text("\(pattern)|\\$\\{"))]
    }

    private static func schema(_ shape: Shape, path: String) -> Members {
        switch shape {
        case .text(let format):
            guard let format, let expression = format.pattern else { return [("$ref", "#/$defs/text")] }
            return anyOf([pattern(expression), file])
        case .anyScalar:
            let scalar: Members = [("type", ["string", "number", "boolean", "null"])]
            return anyOf([scalar, file])
        case .wholeNumber(let range):
            return orReference([
                ("type", "integer"), ("minimum", .whole(range.lowerBound)),
                ("maximum", .whole(range.upperBound)),
            ])
        case .number(let low, let high):
            return orReference([
                ("type", "number"), ("exclusiveMinimum", .number(low)), ("maximum", .number(high)),
            ])
        case .flag: return orReference([("type", "boolean")])
        case .duration: return pattern("^[0-9]+(ms|s|m|h)$")
        case .size: return pattern("^[0-9]+(B|KiB|MiB|GiB)$")
        case .choice(let words): return orReference([("enum", .array(words.map { .text($0) }))])
        case .list(let inner, let count):
            return [
                ("type", "array"), ("items", .object(schema(inner, path: path))), ("minItems", .whole(count)),
            ]
        case .oneOrMore(let inner):
            return anyOf([schema(inner, path: path), schema(.list(inner), path: path)])
        case .record(let record): return object(record, path: path)
        case .table(let format, let inner, let count):
            let isFunctions = path == "functions"
            let item: Members = isFunctions ? [("$ref", "#/$defs/function")] : schema(inner, path: path)
            return [
                ("type", "object"), ("additionalProperties", .object(item)),
                ("propertyNames", .object([("pattern", .text(format.pattern ?? "^.*$"))])),
                ("minProperties", .whole(count)),
            ]
        case .either(let shapes): return anyOf(shapes.map { schema($0, path: path) })
        case .schema: return [("type", ["string", "object"])]
        case .later: return [("not", .object([]))]
        }
    }
}
