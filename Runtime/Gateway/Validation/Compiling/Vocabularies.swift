import JSONCoding

/// The vocabularies by which a resource's keywords are read (draft 2020-12 core, section 8.1).
struct Vocabularies: OptionSet, Hashable {
    let rawValue: UInt8

    static let applicator = Vocabularies(rawValue: 1)
    static let unevaluated = Vocabularies(rawValue: 2)
    static let validation = Vocabularies(rawValue: 4)
    static let format = Vocabularies(rawValue: 8)
    static let all: Vocabularies = [.applicator, .unevaluated, .validation, .format]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The vocabularies that a meta-schema names; `unknown` is one that it requires and that is not known.
    init(_ object: JSONObject, unknown: inout String?) {
        self = []
        for member in object.members {
            let isRequired = member.value == .bool(true)
            let known = MetaSchemas.base + "vocab/"
            guard member.key.hasPrefix(known) else {
                if isRequired { unknown = member.key }
                continue
            }
            switch member.key.dropFirst(known.count) {
            case "applicator": insert(.applicator)
            case "unevaluated": insert(.unevaluated)
            case "validation": insert(.validation)
            case "format-annotation", "format-assertion": insert(.format)
            case "core", "meta-data", "content": break
            default: if isRequired { unknown = member.key }
            }
        }
    }
}
