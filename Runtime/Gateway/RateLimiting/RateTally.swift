/// What the rate rules said of one request so far; the exchange keeps it until its answer is written.
struct RateTally: Sendable {
    /// One rule's word.
    struct Reading: Sendable {
        var remaining: UInt32
        var seconds: UInt32
    }

    /// The function whose rules were asked.
    private(set) var function = 0
    /// How many were asked.
    private(set) var count = 0
    private var first = InlineArray<4, Reading>(repeating: Reading(remaining: 0, seconds: 0))
    /// From the fifth on.
    private var others: [Reading] = []

    /// Nothing was asked yet.
    init() {}

    /// Whether no rule was asked: the answer says nothing of limits.
    var isEmpty: Bool { count == 0 }

    /// The word of the rule at this place; 0 for one that was not asked.
    subscript(index: Int) -> Reading {
        if index < 4 { return first[index] }
        return index - 4 < others.count ? others[index - 4] : Reading(remaining: 0, seconds: 0)
    }

    mutating func note(_ verdict: GCRA.Verdict, function: Int) {
        let reading = Reading(remaining: verdict.remaining, seconds: verdict.seconds)
        self.function = function
        if count < 4 { first[count] = reading } else { others.append(reading) }
        count += 1
    }
}
