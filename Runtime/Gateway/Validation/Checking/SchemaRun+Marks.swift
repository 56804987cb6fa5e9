extension SchemaRun {
    private func words(_ entry: Int) -> Int { (document.count(of: entry) + 63) >> 6 }

    /// Makes room for a bit for each member or element of a container; returns where it begins.
    mutating func openMarks(_ entry: Int) -> Int {
        let base = marks.count
        let words = words(entry)
        budget -= words
        marks.append(contentsOf: repeatElement(0, count: words))
        return base
    }

    /// After `unevaluated…` everything has been looked at, which the schema around it is told.
    mutating func closeMarks(_ base: Int, into outer: Int, _ entry: Int) {
        marks.removeLast(marks.count - base)
        guard outer >= 0 else { return }
        for word in 0..<words(entry) { marks[outer + word] = .max }
    }

    @inline(__always)
    mutating func mark(_ ordinal: Int, _ base: Int) {
        if base >= 0 { marks[base + ordinal >> 6] |= 1 << UInt64(ordinal & 63) }
    }

    func isMarked(_ ordinal: Int, _ base: Int) -> Bool {
        marks[base + ordinal >> 6] >> UInt64(ordinal & 63) & 1 == 1
    }

    /// Checks without reporting. What the schema looked at is noted only if it holds.
    mutating func holds(_ node: Int32, _ entry: Int, _ base: Int) -> Bool {
        quiet += 1
        defer { quiet -= 1 }
        guard base >= 0 else { return check(node, entry, SchemaRun.unmarked) }
        let saved = marks.count
        let words = words(entry)
        budget -= words
        marks.append(contentsOf: marks[base..<(base + words)])
        let holds = check(node, entry, base)
        if !holds {
            for word in 0..<words { marks[base + word] = marks[saved + word] }
        }
        marks.removeLast(marks.count - saved)
        return holds
    }
}
