/// The classes of characters that a pattern tells apart: two characters of one class are in the same of its sets.
///
/// So an automaton has a column for each class and not for each of a million characters.
struct PatternAlphabet {
    /// More classes than this make the tables too large.
    static let limit = 1024

    /// The class of each ASCII character.
    private(set) var ascii: [UInt16]
    /// Where ranges of one class begin, the first at 0, and the class of each.
    private(set) var starts: [UInt32]
    private(set) var classes: [UInt16]
    private(set) var count: Int
    /// For each set, then each class: whether the set has it.
    private(set) var members: [Bool]

    /// The alphabet of a pattern's sets; nil if it has too many classes.
    init?(_ sets: [ScalarSet]) {
        var cuts: Set<UInt32> = [0]
        for set in sets {
            for range in set.ranges {
                cuts.insert(range.lowerBound)
                if range.upperBound < ScalarSet.last { cuts.insert(range.upperBound + 1) }
            }
        }
        starts = cuts.sorted()
        classes = []
        var known: [[Bool]: UInt16] = [:]
        var signatures: [[Bool]] = []
        for start in starts {
            let signature = sets.map { $0.contains(start) }
            if let existing = known[signature] {
                classes.append(existing)
                continue
            }
            guard signatures.count < PatternAlphabet.limit else { return nil }
            let new = UInt16(signatures.count)
            known[signature] = new
            signatures.append(signature)
            classes.append(new)
        }
        count = signatures.count
        members = sets.indices.flatMap { set in signatures.map { $0[set] } }
        ascii = []
        ascii = (0..<128).map { classOf($0) }
    }

    /// The class of a scalar.
    func classOf(_ scalar: UInt32) -> UInt16 {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= scalar { low = middle + 1 } else { high = middle }
        }
        return classes[low - 1]
    }
}
