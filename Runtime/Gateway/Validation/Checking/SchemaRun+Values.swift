import JSONCoding

extension SchemaRun {
    mutating func checkValues(_ rules: UnsafePointer<ValueRules>, _ entry: Int) -> Bool {
        var isValid = true
        for index in 0..<rules.pointee.lists.count where !has(rules, index, entry) {
            isValid = fault(rules.pointee.lists[index].sentence)
        }
        return isValid
    }

    private mutating func has(_ rules: UnsafePointer<ValueRules>, _ index: Int, _ entry: Int) -> Bool {
        if let strings = rules.pointee.lists[index].strings?.view {
            guard document.kind(of: entry) == .string else { return false }
            let text = document.text(of: entry)
            return strings.position(of: text, hash: JSONDocument.hash(text)) != nil
        }
        budget -= rules.pointee.lists[index].values.count
        let comparison = ValueComparison(document: document)
        return rules.pointee.lists[index].values.contains { comparison.isEqual(entry, $0) }
    }

    mutating func checkNumber(_ rules: UnsafePointer<NumberRules>, _ entry: Int) -> Bool {
        let text = document.text(of: entry)
        budget -= text.count >> 4
        if NumberRules.holds(rules, text) { return true }
        guard quiet == 0 else { return false }
        for sentence in rules.pointee.sentences(text) { fault(sentence) }
        return false
    }

    mutating func checkString(_ rules: UnsafePointer<StringRules>, _ entry: Int) -> Bool {
        let text = document.text(of: entry)
        guard let holds = StringRules.holds(rules, text, isASCII: document.isASCII(entry), budget: &budget) else {
            isSpent = true
            return false
        }
        if holds { return true }
        guard quiet == 0 else { return false }
        for sentence in rules.pointee.sentences(text) { fault(sentence) }
        return false
    }
}
