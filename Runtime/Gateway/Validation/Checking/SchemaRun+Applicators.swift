extension SchemaRun {
    /// Applies other schemas to the same value.
    mutating func apply(_ rules: UnsafePointer<Applicators>, _ entry: Int, _ marks: Int) -> Bool {
        var isValid = true
        if rules.pointee.ref >= 0, !check(rules.pointee.ref, entry, marks) { isValid = false }
        if isOver(isValid) { return isValid && !isSpent }
        if rules.pointee.dynamic != nil, !checkDynamic(rules, entry, marks) { isValid = false }
        for index in 0..<rules.pointee.allOf.count {
            if isOver(isValid) { return isValid && !isSpent }
            if !check(rules.pointee.allOf[index], entry, marks) { isValid = false }
        }
        if isOver(isValid) { return isValid && !isSpent }
        if !rules.pointee.anyOf.isEmpty, !checkAny(rules, entry, marks) { isValid = false }
        if isOver(isValid) { return isValid && !isSpent }
        if !rules.pointee.oneOf.isEmpty, !checkOne(rules, entry, marks) { isValid = false }
        if isOver(isValid) { return isValid && !isSpent }
        if rules.pointee.not >= 0, holds(rules.pointee.not, entry, SchemaRun.unmarked) {
            isValid = fault("has a form that is not allowed")
        }
        if rules.pointee.condition >= 0, !isOver(isValid), !checkCondition(rules, entry, marks) { isValid = false }
        return isValid && !isSpent
    }

    private mutating func checkDynamic(_ rules: UnsafePointer<Applicators>, _ entry: Int, _ marks: Int) -> Bool {
        guard let dynamic = rules.pointee.dynamic else { return true }
        for resource in scope {
            if let target = dynamic.targets[resource] { return check(target, entry, marks) }
        }
        return check(dynamic.fallback, entry, marks)
    }

    private mutating func checkCondition(_ rules: UnsafePointer<Applicators>, _ entry: Int, _ marks: Int) -> Bool {
        let next = holds(rules.pointee.condition, entry, marks) ? rules.pointee.then : rules.pointee.otherwise
        return next < 0 || check(next, entry, marks)
    }

    private mutating func checkAny(_ rules: UnsafePointer<Applicators>, _ entry: Int, _ marks: Int) -> Bool {
        var isValid = false
        for index in 0..<rules.pointee.anyOf.count {
            if holds(rules.pointee.anyOf[index], entry, marks) {
                isValid = true
                // The others count only for what they note.
                if marks < 0 { return true }
            }
            if isSpent { return false }
        }
        return isValid || explain(rules.pointee.anyOf, entry, marks)
    }

    private mutating func checkOne(_ rules: UnsafePointer<Applicators>, _ entry: Int, _ marks: Int) -> Bool {
        var isValid = false
        for index in 0..<rules.pointee.oneOf.count where holds(rules.pointee.oneOf[index], entry, marks) {
            if isValid { return fault("has more than one of the allowed forms") }
            isValid = true
        }
        if isSpent { return false }
        return isValid || explain(rules.pointee.oneOf, entry, marks)
    }

    // MARK: Which form was meant

    /// Says why none of several forms fits: the faults of the only one that was probably meant, by the value's kind and
    /// by members that have but one value; else one sentence.
    private mutating func explain(_ forms: [Int32], _ entry: Int, _ marks: Int) -> Bool {
        guard quiet == 0 else { return false }
        let kind = kind(of: entry)
        let allowed = forms.reduce(into: KindSet()) { $0.formUnion(kinds(of: $1)) }
        guard allowed.contains(kind) else {
            let place = place
            return fault(SchemaRun.wrongKind(kind, allowed, place))
        }
        var likely = forms.filter { kinds(of: $0).contains(kind) }
        if likely.count > 1, kind == .object { likely = likely.filter { isMarked(by: $0, entry) } }
        if likely.count == 1 { return check(likely[0], entry, marks) }
        return fault("has none of the allowed forms")
    }

    /// The schema behind references that stand alone.
    private func resolved(_ node: Int32) -> UnsafePointer<SchemaNode> {
        var node = schema.nodes.base + Int(node)
        for _ in 0..<8 {
            guard node.pointee.kinds == .any, node.pointee.applicators >= 0 else { break }
            let next = schema.applicators.base[Int(node.pointee.applicators)].ref
            guard next >= 0 else { break }
            node = schema.nodes.base + Int(next)
        }
        return node
    }

    private func kinds(of node: Int32) -> KindSet {
        let node = resolved(node)
        return node.pointee.isNever ? [] : node.pointee.kinds
    }

    /// Whether an object has all the members by which a form is recognised: those with `const` or `enum`.
    private mutating func isMarked(by form: Int32, _ entry: Int) -> Bool {
        let node = resolved(form)
        guard node.pointee.objects >= 0 else { return false }
        let rules = schema.objects.base + Int(node.pointee.objects)
        var isRecognised = false
        for position in 0..<rules.pointee.named.count where rules.pointee.named.base[position].node >= 0 {
            let member = schema.nodes.base[Int(rules.pointee.named.base[position].node)]
            guard member.values >= 0 else { continue }
            var name = rules.pointee.names.names[position]
            guard let value = name.withUTF8({ document.value(of: $0, in: entry) }) else { continue }
            quiet += 1
            let holds = checkValues(schema.values.base + Int(member.values), value)
            quiet -= 1
            guard holds else { return false }
            isRecognised = true
        }
        return isRecognised
    }
}
