/// Finds the parameters that a schema names, in itself and in the schemas that it applies to the same object.
struct ParameterCollector {
    /// A name, and what its text is taken for.
    struct Found {
        var name: String
        var form: ParameterForm
        var isRequired: Bool
        /// The schema under `properties`; -1 where the name is only required.
        var node: Int32
    }

    /// How many schemas are looked at; a condition beyond it finds its parameters to be text.
    private static let limit = 256

    private let schema: CompiledSchema
    private(set) var found: [Found] = []
    private var positions: [[UInt8]: Int] = [:]
    private var visited: Set<Int32> = []

    init(_ schema: CompiledSchema) {
        self.schema = schema
        visit(schema.root, isCertain: true)
    }

    /// Follows a schema; `isCertain` where it applies to every value.
    private mutating func visit(_ number: Int32, isCertain: Bool) {
        guard number >= 0, visited.count < ParameterCollector.limit, visited.insert(number).inserted else { return }
        let node = schema.nodes.base + Int(number)
        if node.pointee.objects >= 0 {
            let rules = schema.objects.base[Int(node.pointee.objects)]
            for position in 0..<rules.named.count { add(rules, position, isCertain) }
            for dependent in rules.dependents { visit(dependent.node, isCertain: false) }
        }
        guard node.pointee.applicators >= 0 else { return }
        let applicators = schema.applicators.base[Int(node.pointee.applicators)]
        visit(applicators.ref, isCertain: isCertain)
        for branch in applicators.allOf { visit(branch, isCertain: isCertain) }
        for branch in applicators.anyOf + applicators.oneOf { visit(branch, isCertain: false) }
        for branch in [applicators.condition, applicators.then, applicators.otherwise] {
            visit(branch, isCertain: false)
        }
    }

    private mutating func add(_ rules: ObjectRules, _ position: Int, _ isCertain: Bool) {
        let named = rules.named.base[position]
        let name = rules.names.names[position]
        let bytes = Array(name.utf8)
        let isRequired = isCertain && named.isRequired
        guard let known = positions[bytes] else {
            positions[bytes] = found.count
            let form = named.node < 0 ? ParameterForm.text : ParameterForm(schema, named.node)
            found.append(Found(name: name, form: form, isRequired: isRequired, node: named.node))
            return
        }
        if isRequired { found[known].isRequired = true }
        guard named.node >= 0 else { return }
        let form = ParameterForm(schema, named.node)
        if found[known].node < 0 {
            found[known].form = form
            found[known].node = named.node
        } else {
            found[known].form.widen(by: form)
        }
    }
}
