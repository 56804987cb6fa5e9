/// The keywords for strings.
struct StringRules: Sendable {
    /// Lengths in characters (Unicode scalars).
    var minLength = 0
    var maxLength = Int.max
    var pattern: Pattern?
    var format: StringFormat?

    /// Whether a text of valid UTF-8 keeps all of them; nil when the budget is used up.
    @inline(__always)
    static func holds(
        _ rules: UnsafePointer<StringRules>, _ text: UnsafeBufferPointer<UInt8>, isASCII: Bool, budget: inout Int
    ) -> Bool? {
        let (least, most) = (rules.pointee.minLength, rules.pointee.maxLength)
        if least > 0 || most < .max {
            let count = isASCII ? text.count : length(text)
            if count < least || count > most { return false }
        }
        if let format = rules.pointee.format, !format.holds(text) { return false }
        guard let pattern = rules.pointee.pattern else { return true }
        return pattern.matches(text, budget: &budget)
    }

    /// A sentence for each keyword that a text does not keep.
    func sentences(_ text: UnsafeBufferPointer<UInt8>) -> [String] {
        var sentences: [String] = []
        let count = StringRules.length(text)
        if count < minLength { sentences.append("must have at least \(SchemaRun.counted(minLength, "character"))") }
        if count > maxLength {
            // Nothing else is said about a text that is too long, and nothing else done with it.
            return ["must have at most \(SchemaRun.counted(maxLength, "character"))"]
        }
        if let format, !format.holds(text) { sentences.append("must be \(format.noun)") }
        var budget = 10_000_000
        if let pattern, pattern.matches(text, budget: &budget) == false { sentences.append(pattern.sentence) }
        return sentences
    }

    /// The number of scalars in valid UTF-8: bytes that continue none.
    private static func length(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for byte in text where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }
}

extension Pattern {
    /// What a client is told whose text does not match. The pattern is the author's text, and shown where it is short.
    var sentence: String {
        source.utf8.count <= 100 ? "must match the pattern \(source)" : "does not have the required form"
    }
}
