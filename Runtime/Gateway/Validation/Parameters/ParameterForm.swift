import JSONCoding

/// What the text of a parameter is taken for, by its schema.
///
/// A number where the schema has numbers and the text is one by JSON's grammar; then `true`, `false`, `1` and `0` where
/// it has booleans; then nothing (or `null`) where it has `null` and no strings; then a string.
struct ParameterForm: Sendable {
    /// What a text turned out to be.
    enum Reading {
        case number
        case boolean(Bool)
        case null
        case string
        /// None of what the schema allows.
        case other
    }

    /// The kinds of one value.
    var kinds: KindSet
    /// The kinds of an array's elements; by their position the first ones, then the rest.
    var prefix: [KindSet] = []
    var elements: KindSet = .string

    /// A parameter of which nothing is said.
    static let text = ParameterForm(kinds: .string)

    var isArray: Bool { kinds.contains(.array) }

    /// Reads a text as one of some kinds.
    static func read(_ text: UnsafeBufferPointer<UInt8>, as kinds: KindSet) -> Reading {
        if !kinds.isDisjoint(with: .number), let isWhole = NumberShape.isWhole(text),
            isWhole || kinds.contains(.fraction)
        {
            return .number
        }
        if kinds.contains(.boolean) {
            let raw = UnsafeRawBufferPointer(text)
            if raw.isText("true") || raw.isText("1") { return .boolean(true) }
            if raw.isText("false") || raw.isText("0") { return .boolean(false) }
        }
        if kinds.contains(.string) { return .string }
        if kinds.contains(.null), text.isEmpty || UnsafeRawBufferPointer(text).isText("null") { return .null }
        return .other
    }

    /// The form of a value that a schema describes.
    init(_ schema: CompiledSchema, _ node: Int32) {
        kinds = ParameterForm.kinds(schema, node)
        guard kinds.contains(.array) else { return }
        let node = ParameterForm.resolved(schema, node)
        guard node.pointee.arrays >= 0 else { return }
        let rules = schema.arrays.base[Int(node.pointee.arrays)]
        prefix = rules.prefix.map { ParameterForm.kinds(schema, $0) }
        if rules.items >= 0 { elements = ParameterForm.kinds(schema, rules.items) }
    }

    private init(kinds: KindSet) { self.kinds = kinds }

    /// Takes in what another schema says of the same parameter. What that means for a value is the schemas' to say.
    mutating func widen(by other: ParameterForm) {
        // That a schema takes any text does not make a number one.
        if kinds == .string || other.kinds != .string {
            kinds = kinds == .string ? other.kinds : kinds.union(other.kinds)
        }
        if prefix.isEmpty { prefix = other.prefix }
        if elements == .string { elements = other.elements }
    }

    func kinds(ofElement position: Int) -> KindSet { position < prefix.count ? prefix[position] : elements }

    /// The schema behind references that stand alone.
    static func resolved(_ schema: CompiledSchema, _ node: Int32) -> UnsafePointer<SchemaNode> {
        var node = schema.nodes.base + Int(node)
        for _ in 0..<16 {
            guard node.pointee.isReference, node.pointee.applicators >= 0 else { break }
            let rules = schema.applicators.base + Int(node.pointee.applicators)
            guard rules.pointee.isReference else { break }
            node = schema.nodes.base + Int(rules.pointee.ref)
        }
        return node
    }

    /// The kinds of values that a schema can allow, as far as that can be told without a value.
    private static func kinds(_ schema: CompiledSchema, _ number: Int32) -> KindSet {
        // Schemas that name each other many times over must not be followed along every way.
        var steps = 200
        return kinds(schema, number, &steps)
    }

    private static func kinds(_ schema: CompiledSchema, _ number: Int32, _ steps: inout Int) -> KindSet {
        let kinds = allowed(schema, number, &steps)
        guard kinds == .any else { return kinds }
        // Nothing is said: text, and a number where only numbers are spoken of.
        let node = resolved(schema, number)
        return node.pointee.numbers >= 0 && node.pointee.strings < 0 ? [.number, .string] : .string
    }

    private static func allowed(_ schema: CompiledSchema, _ number: Int32, _ steps: inout Int) -> KindSet {
        let node = schema.nodes.base + Int(number)
        steps -= 1
        guard steps > 0, !node.pointee.isNever else { return node.pointee.isNever ? [] : .any }
        var kinds = node.pointee.kinds
        if node.pointee.values >= 0 {
            for list in schema.values.base[Int(node.pointee.values)].lists {
                kinds.formIntersection(list.values.reduce(into: []) { $0.formUnion(KindSet(of: $1)) })
            }
        }
        guard node.pointee.applicators >= 0 else { return kinds }
        let rules = schema.applicators.base[Int(node.pointee.applicators)]
        if rules.ref >= 0 { kinds.formIntersection(allowed(schema, rules.ref, &steps)) }
        for branch in rules.allOf { kinds.formIntersection(allowed(schema, branch, &steps)) }
        for branches in [rules.anyOf, rules.oneOf] where !branches.isEmpty {
            var union: KindSet = []
            for branch in branches { union.formUnion(allowed(schema, branch, &steps)) }
            kinds.formIntersection(union)
        }
        return kinds
    }
}

extension SchemaNode {
    /// Whether the schema has nothing of its own, but perhaps a reference.
    var isReference: Bool {
        kinds == .any && !isNever && values < 0 && numbers < 0 && strings < 0 && arrays < 0 && objects < 0
            && unevaluatedItems < 0 && unevaluatedProperties < 0
    }
}

extension Applicators {
    /// Whether there is a reference and nothing else.
    var isReference: Bool {
        ref >= 0 && dynamic == nil && allOf.isEmpty && anyOf.isEmpty && oneOf.isEmpty && not < 0 && condition < 0
    }
}
