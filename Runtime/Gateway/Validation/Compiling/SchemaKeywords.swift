/// The keywords of draft 2020-12, for finding the one that was meant by a word that is none.
enum SchemaKeywords {
    private static let all: Set<String> = [
        "$id", "$schema", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "$comment", "$defs",
        "prefixItems", "items", "contains", "additionalProperties", "properties", "patternProperties",
        "dependentSchemas", "propertyNames", "if", "then", "else", "allOf", "anyOf", "oneOf", "not",
        "unevaluatedItems", "unevaluatedProperties", "type", "const", "enum", "multipleOf", "maximum",
        "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems",
        "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties", "required",
        "dependentRequired", "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples",
        "format", "contentEncoding", "contentMediaType", "contentSchema", "definitions", "dependencies",
        // Words of OpenAPI and of earlier drafts, which are no slips.
        "example", "discriminator", "xml", "externalDocs", "nullable", "id", "$recursiveRef", "$recursiveAnchor",
        "additionalItems",
    ]

    /// The keyword that a word is a slip of: another letter case, or one letter more, less, other or swapped in a word
    /// of five letters or more.
    static func meant(by word: String) -> String? {
        guard !all.contains(word), (2...32).contains(word.utf8.count) else { return nil }
        let letters = Array(word.lowercased().utf8)
        return all.filter { keyword in
            let wanted = Array(keyword.lowercased().utf8)
            if wanted == letters { return true }
            return wanted.count >= 5 && isOneSlip(letters, wanted)
        }.min()
    }

    private static func isOneSlip(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard abs(one.count - other.count) <= 1 else { return false }
        var start = 0
        while start < min(one.count, other.count), one[start] == other[start] { start += 1 }
        let (left, right) = (one[start...], other[start...])
        if left.count == right.count {
            if left.dropFirst() == right.dropFirst() || left.dropFirst().elementsEqual(right.dropFirst()) {
                return true
            }
            return left.count >= 2 && left[start] == right[start + 1] && left[start + 1] == right[start]
                && left.dropFirst(2).elementsEqual(right.dropFirst(2))
        }
        return left.count > right.count
            ? left.dropFirst().elementsEqual(right) : left.elementsEqual(right.dropFirst())
    }
}
