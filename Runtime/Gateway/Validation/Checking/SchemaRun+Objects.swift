import JSONCoding

extension SchemaRun {
    mutating func checkObject(_ rules: UnsafePointer<ObjectRules>, _ entry: Int, _ marks: Int) -> Bool {
        let count = document.count(of: entry)
        var isValid = true
        if count < rules.pointee.minProperties {
            let least = SchemaRun.counted(rules.pointee.minProperties, noun)
            isValid = fault("must have at least \(least)")
        } else if count > rules.pointee.maxProperties {
            let most = SchemaRun.counted(rules.pointee.maxProperties, noun)
            isValid = fault("must have at most \(most)")
        }
        guard rules.pointee.readsMembers, !isOver(isValid) else { return isValid }
        var seen = NamesSeen(rules.pointee.names.count)
        if !checkMembers(rules, entry, marks, &seen) { isValid = false }
        guard !isOver(isValid) else { return isValid && !isSpent }
        if seen.required < rules.pointee.requiredCount {
            isValid = false
            for position in 0..<rules.pointee.named.count
            where rules.pointee.named.base[position].isRequired && !seen.contains(position) {
                fault("is required", member: rules.pointee.names.names[position])
                if isOver(false) { return false }
            }
        }
        for index in 0..<rules.pointee.dependents.count
        where seen.contains(rules.pointee.dependents[index].trigger) {
            if !checkDependent(rules, index, entry, marks, seen) { isValid = false }
            if isOver(isValid) { return false }
        }
        return isValid
    }

    /// What a member is called.
    private var noun: String { place == "body" ? "field" : "parameter" }

    private mutating func checkMembers(
        _ rules: UnsafePointer<ObjectRules>, _ entry: Int, _ marks: Int, _ seen: inout NamesSeen
    ) -> Bool {
        let end = document.end(of: entry)
        let view = rules.pointee.view
        let named = rules.pointee.named.base
        let hasPatterns = !rules.pointee.patterns.isEmpty
        let propertyNames = rules.pointee.propertyNames
        let additional = rules.pointee.additional
        var isValid = true
        var ordinal = 0
        var key = entry + 1
        while key < end {
            budget -= 1
            way.append(key)
            var isEvaluated = false
            if !view.isEmpty,
                let position = view.position(of: document.text(of: key), hash: document.keyHash(of: key))
            {
                seen.insert(position, isRequired: named[position].isRequired)
                if named[position].node >= 0 {
                    isEvaluated = true
                    if !check(named[position].node, key + 1, SchemaRun.unmarked) { isValid = false }
                }
            }
            if hasPatterns, checkPatterns(rules, key, &isValid) { isEvaluated = true }
            if !isEvaluated, additional >= 0 {
                isEvaluated = true
                if !checkAdditional(additional, key + 1) { isValid = false }
            }
            if propertyNames >= 0, !checkName(propertyNames, key) { isValid = false }
            if isEvaluated { mark(ordinal, marks) }
            way.removeLast()
            if isOver(isValid) { return isValid && !isSpent }
            key = document.next(after: key + 1)
            ordinal += 1
        }
        return isValid
    }

    /// A member that no keyword names.
    private mutating func checkAdditional(_ node: Int32, _ value: Int) -> Bool {
        guard schema.nodes.base[Int(node)].isNever else { return check(node, value, SchemaRun.unmarked) }
        let noun = noun
        return fault("is not a known \(noun)")
    }

    private mutating func checkName(_ node: Int32, _ key: Int) -> Bool {
        quiet += 1
        let isValid = check(node, key, SchemaRun.unmarked)
        quiet -= 1
        return isValid || fault("has a name that is not allowed")
    }

    /// Checks a member by the patterns that its name matches; false if there is none.
    private mutating func checkPatterns(_ rules: UnsafePointer<ObjectRules>, _ key: Int, _ isValid: inout Bool) -> Bool
    {
        var isMatched = false
        for index in 0..<rules.pointee.patterns.count {
            let match = rules.pointee.patterns[index].pattern.matches(document.text(of: key), budget: &budget)
            guard let match else {
                isSpent = true
                return isMatched
            }
            guard match else { continue }
            isMatched = true
            if !check(rules.pointee.patterns[index].node, key + 1, SchemaRun.unmarked) { isValid = false }
        }
        return isMatched
    }

    private mutating func checkDependent(
        _ rules: UnsafePointer<ObjectRules>, _ index: Int, _ entry: Int, _ marks: Int, _ seen: NamesSeen
    ) -> Bool {
        let dependent = rules.pointee.dependents[index]
        var isValid = true
        for position in dependent.required where !seen.contains(position) {
            let trigger = JSONPathText.tamed(rules.pointee.names.names[dependent.trigger])
            isValid = fault("is required beside \(trigger)", member: rules.pointee.names.names[position])
        }
        if dependent.node >= 0, !isOver(isValid), !check(dependent.node, entry, marks) { isValid = false }
        return isValid
    }

    /// What no keyword looked at.
    mutating func checkUnevaluated(_ node: Int32, _ kind: KindSet, _ entry: Int, _ marks: Int) -> Bool {
        let end = document.end(of: entry)
        var isValid = true
        var ordinal = 0
        var current = entry + 1
        while current < end {
            budget -= 1
            let value = kind == .object ? current + 1 : current
            if !isMarked(ordinal, marks) {
                way.append(kind == .object ? current : ~ordinal)
                let isKnown = kind == .object ? checkAdditional(node, value) : check(node, value, SchemaRun.unmarked)
                if !isKnown { isValid = false }
                way.removeLast()
                if isOver(isValid) { return isValid && !isSpent }
            }
            current = document.next(after: value)
            ordinal += 1
        }
        return isValid
    }

    static func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }
}

/// Which of a schema's names an object has.
struct NamesSeen {
    private var few: UInt64 = 0
    private var many: [UInt64]
    /// How many of them are required.
    private(set) var required = 0

    init(_ count: Int) { many = count <= 64 ? [] : Array(repeating: 0, count: (count + 63) / 64) }

    /// A document has a key once, so each name comes once.
    @inline(__always)
    mutating func insert(_ position: Int, isRequired: Bool) {
        if isRequired { required += 1 }
        if many.isEmpty {
            few |= 1 << UInt64(position)
        } else {
            many[position >> 6] |= 1 << UInt64(position & 63)
        }
    }

    @inline(__always)
    func contains(_ position: Int) -> Bool {
        many.isEmpty ? few >> UInt64(position) & 1 == 1 : many[position >> 6] >> UInt64(position & 63) & 1 == 1
    }
}
