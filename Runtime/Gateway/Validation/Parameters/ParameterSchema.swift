import JSONCoding
import WireProtocol

/// The schema of a path's or a query's parameters.
///
/// Mostly it is an object of single values, and then each parameter is held against its rules as text, in one pass.
/// Else the parameters are written as JSON, by the kinds that the schema has for them, and the whole schema is run on
/// that.
struct ParameterSchema: Sendable {
    /// A parameter that is named in `properties`, or only in `required`.
    struct Declared: Sendable {
        var form: ParameterForm
        var isRequired: Bool
        /// The numbers of its rules; -1 for none.
        var values: Int32
        var numbers: Int32
        var strings: Int32
    }

    /// `path` or `query`.
    let place: String
    let schema: CompiledSchema
    let names: NameTable
    let declared: [Declared]
    private let requiredCount: Int
    /// Whether parameters that are not declared are refused.
    private let isClosed: Bool
    /// Whether each parameter can be checked as text.
    let isFlat: Bool

    init(_ schema: CompiledSchema, place: String) {
        self.schema = schema
        self.place = place
        let found = ParameterCollector(schema).found
        names = NameTable(found.map(\.name))
        let root = ParameterForm.resolved(schema, schema.root)
        var isFlat = ParameterSchema.isFlat(root)
        declared = found.map { found in
            guard found.node >= 0 else {
                return Declared(form: found.form, isRequired: found.isRequired, values: -1, numbers: -1, strings: -1)
            }
            let node = ParameterForm.resolved(schema, found.node)
            if node.pointee.isNever || node.pointee.applicators >= 0 || found.form.isArray { isFlat = false }
            return Declared(
                form: found.form, isRequired: found.isRequired, values: node.pointee.values,
                numbers: node.pointee.numbers, strings: node.pointee.strings)
        }
        requiredCount = declared.count(where: \.isRequired)
        var isClosed = false
        if root.pointee.objects >= 0 {
            let rules = schema.objects.base + Int(root.pointee.objects)
            if rules.pointee.additional >= 0 {
                let others = schema.nodes.base + Int(rules.pointee.additional)
                isClosed = others.pointee.isNever
                if !isClosed, !others.pointee.isTrivial { isFlat = false }
            }
            if !ParameterSchema.namesOnly(rules) { isFlat = false }
        }
        self.isClosed = isClosed
        self.isFlat = isFlat
    }

    private static func isFlat(_ root: UnsafePointer<SchemaNode>) -> Bool {
        !root.pointee.isNever && root.pointee.values < 0 && root.pointee.applicators < 0
            && root.pointee.unevaluatedProperties < 0 && root.pointee.kinds.contains(.object)
    }

    /// Whether an object is described by its members' names alone.
    private static func namesOnly(_ rules: UnsafePointer<ObjectRules>) -> Bool {
        rules.pointee.patterns.isEmpty && rules.pointee.propertyNames < 0 && rules.pointee.dependents.isEmpty
            && rules.pointee.minProperties == 0 && rules.pointee.maxProperties == .max
    }

    /// Checks the parameters and rewrites them as the handler is given them: `1` is `true` for a boolean, one that is
    /// null is left out of a query. Adds every fault to `details`.
    func check(_ parameters: inout [Invocation.Parameter], _ details: inout [APIError.Detail]) {
        guard isFlat else { return checkWhole(&parameters, &details) }
        if parameters.isEmpty, requiredCount == 0 { return }
        let view = names.view
        var seen = NamesSeen(names.count)
        var doubled = NamesSeen(names.count)
        var budget = 1_000_000
        var dropped: [Int] = []
        for index in parameters.indices {
            let outcome = parameters[index].name.withBytes { name -> Outcome in
                guard let position = view.position(of: name, hash: JSONDocument.hash(name)) else {
                    return isClosed ? .fault("is not a known parameter") : .valid
                }
                if seen.contains(position) {
                    // Said once, however often the name comes.
                    if doubled.contains(position) { return .valid }
                    doubled.insert(position, isRequired: false)
                    return .fault("is given more than once")
                }
                seen.insert(position, isRequired: declared[position].isRequired)
                return parameters[index].value.withBytes { check($0, position, &budget) }
            }
            switch outcome {
            case .valid: break
            case .text(let text): parameters[index].value = text
            case .null: if place == "query" { dropped.append(index) }
            case .fault(let sentence): report(parameters[index].name, sentence, &details)
            case .faults(let sentences):
                for sentence in sentences { report(parameters[index].name, sentence, &details) }
            }
        }
        for index in dropped.reversed() { parameters.remove(at: index) }
        guard seen.required < requiredCount else { return }
        for position in declared.indices where declared[position].isRequired && !seen.contains(position) {
            report(names.names[position], "is required", &details)
        }
    }

    private func report(_ name: String, _ sentence: String, _ details: inout [APIError.Detail]) {
        guard details.count < SchemaRun.limit else { return }
        details.append(
            APIError.Detail(field: JSONPath([.key(name)]).description, in: place, message: sentence))
    }

    /// What came of one parameter.
    private enum Outcome {
        case valid
        /// Valid, and handed on as this text.
        case text(String)
        /// Valid, and nothing.
        case null
        case fault(String)
        case faults([String])
    }

    @inline(__always)
    private func check(_ text: UnsafeBufferPointer<UInt8>, _ position: Int, _ budget: inout Int) -> Outcome {
        let kinds = declared[position].form.kinds
        let reading = ParameterForm.read(text, as: kinds)
        var sentences: [String] = []
        if case .other = reading { return .fault("expected \(kinds.words)") }
        let values = declared[position].values
        if values >= 0, !has(values, text, reading, &sentences) { return .faults(sentences) }
        switch reading {
        case .number:
            guard declared[position].numbers >= 0 else { return .valid }
            let rules = schema.numbers.base + Int(declared[position].numbers)
            return NumberRules.holds(rules, text) ? .valid : .faults(rules.pointee.sentences(text))
        case .string:
            guard declared[position].strings >= 0 else { return .valid }
            let rules = schema.strings.base + Int(declared[position].strings)
            guard let holds = StringRules.holds(rules, text, isASCII: false, budget: &budget) else {
                return .fault("takes too many steps to be checked")
            }
            return holds ? .valid : .faults(rules.pointee.sentences(text))
        case .boolean(let flag): return text.count == 1 ? .text(flag ? "true" : "false") : .valid
        case .null: return .null
        case .other: return .valid
        }
    }

    /// Whether a value is one of those of `const` and `enum`.
    private func has(
        _ rules: Int32, _ text: UnsafeBufferPointer<UInt8>, _ reading: ParameterForm.Reading,
        _ sentences: inout [String]
    ) -> Bool {
        for list in schema.values.base[Int(rules)].lists {
            let isThere: Bool
            switch reading {
            case .string:
                if let strings = list.strings?.view {
                    isThere = strings.position(of: text, hash: JSONDocument.hash(text)) != nil
                } else {
                    isThere = list.values.contains(.string(String(decoding: text, as: UTF8.self)))
                }
            case .number: isThere = list.values.contains(.number(ParameterSchema.number(text)))
            case .boolean(let flag): isThere = list.values.contains(.bool(flag))
            case .null, .other: isThere = list.values.contains(.null)
            }
            if !isThere { sentences.append(list.sentence) }
        }
        return sentences.isEmpty
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>) -> JSONNumber {
        JSONNumber(text: String(decoding: text, as: UTF8.self)) ?? JSONNumber(0)
    }
}
