/// Finds the word that somebody probably meant.
enum Similarity {
    /// The candidate nearest to `word`, where it is near enough to be a slip of the keyboard.
    static func nearest<Candidates: Sequence>(to word: String, among candidates: Candidates) -> String?
    where Candidates.Element == String {
        let allowed = word.count <= 3 ? 1 : max(2, word.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            var distance = distance(Array(word.lowercased()), Array(candidate.lowercased()))
            // `maximum` means `max`, `warn` means `warning`.
            let shorter = min(word.count, candidate.count)
            if shorter >= 3, word.lowercased().hasPrefix(candidate) || candidate.hasPrefix(word.lowercased()) {
                distance = min(distance, allowed)
            }
            guard distance <= allowed, distance < candidate.count else { continue }
            guard let current = best else {
                best = (candidate, distance)
                continue
            }
            if (distance, candidate) < (current.distance, current.word) { best = (candidate, distance) }
        }
        return best?.word
    }

    /// Damerau and Levenshtein's distance (optimal string alignment): insertions, deletions, replacements and
    /// swapped neighbours cost one each.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        guard !left.isEmpty else { return right.count }
        guard !right.isEmpty else { return left.count }
        // A key of a thousand letters is near nothing, and must not cost a thousand squared.
        guard left.count <= 64, right.count <= 64 else { return Int.max }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for i in 1...left.count {
            var row = [i] + [Int](repeating: 0, count: right.count)
            for j in 1...right.count {
                let replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
                row[j] = min(last[j] + 1, row[j - 1] + 1, replaced)
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
