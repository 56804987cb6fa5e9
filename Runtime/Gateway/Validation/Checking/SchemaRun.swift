import JSONCoding
import WireProtocol

/// One check of a document against a schema: every fault, with its path, up to `limit`.
///
/// It recurses as deep as the document is nested, times what the schema puts around each level; `deepest` bounds both.
/// `budget` bounds the work, since a schema that tries several forms at each level can ask for more than any machine
/// has.
struct SchemaRun {
    /// How many faults are reported at most.
    static let limit = 64
    /// How deep schemas may be nested while they run.
    static let deepest = 640

    let schema: CompiledSchema
    let document: JSONDocument
    /// `body`, `query` or `path`: where the faults are.
    let place: String
    /// The faults found so far.
    private(set) var details: [APIError.Detail] = []
    /// How many steps are left.
    var budget: Int
    /// Whether the check was given up, because of its cost or its depth.
    var isSpent = false
    /// Above 0, nothing is reported and the first fault ends the check.
    var quiet = 0
    private var depth = 0
    /// The way to the value that is looked at: entries of keys, and positions in arrays as their complement.
    var way: [Int] = []
    /// The resources that led to the schema, for `$dynamicRef`.
    var scope: [Int32] = []
    /// For the innermost schemas with `unevaluated…`: a bit for each member or element that was looked at.
    var marks: [UInt64] = []

    /// No marks are kept.
    static let unmarked = -1

    private init(_ schema: CompiledSchema, _ document: JSONDocument, _ place: String) {
        self.schema = schema
        self.document = document
        self.place = place
        budget = 1_000_000 + 20 * document.entryCount
    }

    /// Every fault of a document; empty where it is valid.
    static func details(of document: JSONDocument, by schema: CompiledSchema, in place: String) -> [APIError.Detail] {
        var run = SchemaRun(schema, document, place)
        let isValid = run.check(schema.root, 0, unmarked)
        if run.isSpent || (!isValid && run.details.isEmpty) {
            run.way = []
            run.quiet = 0
            run.details.append(
                APIError.Detail(field: place, in: place, message: "takes too many steps to be checked"))
        }
        return run.details
    }

    /// Whether the check need not go on.
    @inline(__always)
    func isOver(_ isValid: Bool) -> Bool { (!isValid && quiet > 0) || isSpent || details.count >= SchemaRun.limit }

    /// Checks a value; false if it is not valid, after its faults were reported.
    mutating func check(_ number: Int32, _ entry: Int, _ outer: Int) -> Bool {
        let node = schema.nodes.base + Int(number)
        if node.pointee.isTrivial { return true }
        budget -= 1
        guard budget >= 0, depth < SchemaRun.deepest else {
            isSpent = true
            return false
        }
        if node.pointee.isNever { return fault("is not allowed") }
        depth += 1
        defer { depth -= 1 }
        let kind = self.kind(of: entry)
        guard node.pointee.kinds.contains(kind) else {
            let place = place
            return fault(SchemaRun.wrongKind(kind, node.pointee.kinds, place))
        }
        let entersResource = schema.usesDynamicScope && scope.last != node.pointee.resource
        if entersResource { scope.append(node.pointee.resource) }
        defer { if entersResource { scope.removeLast() } }
        var isValid = true
        if node.pointee.values >= 0 {
            isValid = checkValues(schema.values.base + Int(node.pointee.values), entry)
            if isOver(isValid) { return isValid && !isSpent }
        }
        if kind == .string, node.pointee.strings >= 0 {
            if !checkString(schema.strings.base + Int(node.pointee.strings), entry) { isValid = false }
        } else if KindSet.number.contains(kind), node.pointee.numbers >= 0 {
            if !checkNumber(schema.numbers.base + Int(node.pointee.numbers), entry) { isValid = false }
        }
        if isOver(isValid) { return isValid && !isSpent }
        if kind == .object || kind == .array {
            return checkContainer(node, kind, entry, outer) && isValid
        }
        guard node.pointee.applicators >= 0 else { return isValid }
        return apply(schema.applicators.base + Int(node.pointee.applicators), entry, SchemaRun.unmarked) && isValid
    }

    private mutating func checkContainer(
        _ node: UnsafePointer<SchemaNode>, _ kind: KindSet, _ entry: Int, _ outer: Int
    ) -> Bool {
        let unevaluated = kind == .object ? node.pointee.unevaluatedProperties : node.pointee.unevaluatedItems
        let own = unevaluated < 0 ? outer : openMarks(entry)
        defer { if unevaluated >= 0 { closeMarks(own, into: outer, entry) } }
        var isValid = true
        if kind == .object, node.pointee.objects >= 0 {
            isValid = checkObject(schema.objects.base + Int(node.pointee.objects), entry, own)
        } else if kind == .array, node.pointee.arrays >= 0 {
            isValid = checkArray(schema.arrays.base + Int(node.pointee.arrays), entry, own)
        }
        if isOver(isValid) { return isValid && !isSpent }
        if node.pointee.applicators >= 0 {
            // What a form that failed would have noted is not known, so nothing can be said about the rest.
            let applies = apply(schema.applicators.base + Int(node.pointee.applicators), entry, own)
            guard applies else { return false }
        }
        if unevaluated >= 0, !checkUnevaluated(unevaluated, kind, entry, own) { isValid = false }
        return isValid && !isSpent
    }

    @inline(__always)
    func kind(of entry: Int) -> KindSet {
        switch document.kind(of: entry) {
        case .null: .null
        case .true, .false: .boolean
        case .string: .string
        case .array: .array
        case .object: .object
        case .number:
            document.isPlainWhole(entry) || isWhole(entry) ? .integer : .fraction
        }
    }

    /// Whether a number with a fraction or an exponent is whole all the same.
    private func isWhole(_ entry: Int) -> Bool {
        ShortDecimal(document.text(of: entry))?.isWhole ?? document.number(of: entry).isWhole
    }

    /// What is wrong with a value of one kind where others are wanted.
    static func wrongKind(_ kind: KindSet, _ wanted: KindSet, _ place: String) -> String {
        // In an address everything is text, so what was found says nothing.
        guard place == "body" else { return "expected \(wanted.words)" }
        if kind == .fraction, wanted.contains(.integer) {
            return "expected \(wanted.words), found a number with a fraction"
        }
        let found = kind == .boolean ? "a boolean" : kind == .integer ? "a number" : kind.words
        return "expected \(wanted.words), found \(found)"
    }

    // MARK: Faults

    /// Reports a fault of the value that is looked at, or of its member of that name.
    @discardableResult
    mutating func fault(_ sentence: @autoclosure () -> String, member: String? = nil) -> Bool {
        guard quiet == 0, details.count < SchemaRun.limit else { return false }
        var path = JSONPath(
            way.map { $0 >= 0 ? .key(document.string(of: $0)) : .index(~$0) })
        if let member { path.elements.append(.key(member)) }
        details.append(
            APIError.Detail(field: path.isRoot ? place : path.description, in: place, message: sentence()))
        return false
    }

    /// Reports a fault of a member.
    @discardableResult
    mutating func fault(_ sentence: String, key: Int) -> Bool {
        way.append(key)
        defer { way.removeLast() }
        return fault(sentence)
    }
}
