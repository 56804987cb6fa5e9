import JSONCoding

extension SchemaRun {
    mutating func checkArray(_ rules: UnsafePointer<ArrayRules>, _ entry: Int, _ marks: Int) -> Bool {
        let count = document.count(of: entry)
        var isValid = true
        if count < rules.pointee.minItems {
            isValid = fault("must have at least \(SchemaRun.counted(rules.pointee.minItems, "element"))")
        } else if count > rules.pointee.maxItems {
            isValid = fault("must have at most \(SchemaRun.counted(rules.pointee.maxItems, "element"))")
        }
        if isOver(isValid) { return isValid && !isSpent }
        if !checkElements(rules, entry, marks) { isValid = false }
        if isOver(isValid) { return isValid && !isSpent }
        if rules.pointee.isUnique {
            budget -= document.end(of: entry) - entry
            if ValueComparison(document: document).hasDoubles(entry) {
                isValid = fault("must not have the same element twice")
            }
        }
        return isValid && !isSpent
    }

    private mutating func checkElements(_ rules: UnsafePointer<ArrayRules>, _ entry: Int, _ marks: Int) -> Bool {
        let prefix = rules.pointee.prefix.count
        let items = rules.pointee.items
        let contains = rules.pointee.contains
        guard prefix > 0 || items >= 0 || contains >= 0 else { return true }
        let end = document.end(of: entry)
        var isValid = true
        var matching = 0
        var ordinal = 0
        var element = entry + 1
        while element < end {
            budget -= 1
            let node = ordinal < prefix ? rules.pointee.prefix[ordinal] : items
            if node >= 0 {
                way.append(~ordinal)
                if !check(node, element, SchemaRun.unmarked) { isValid = false }
                way.removeLast()
                mark(ordinal, marks)
            }
            if contains >= 0, holds(contains, element, SchemaRun.unmarked) {
                matching += 1
                mark(ordinal, marks)
            }
            if isOver(isValid) { return isValid && !isSpent }
            element = document.next(after: element)
            ordinal += 1
        }
        guard contains >= 0 else { return isValid }
        if matching < rules.pointee.minContains {
            return fault(
                "must contain at least \(SchemaRun.counted(rules.pointee.minContains, "element")) of the wanted form")
        }
        if matching > rules.pointee.maxContains {
            return fault(
                "must contain at most \(SchemaRun.counted(rules.pointee.maxContains, "element")) of the wanted form")
        }
        return isValid
    }
}
