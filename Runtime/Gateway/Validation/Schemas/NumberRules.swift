import JSONCoding

/// The keywords for numbers, exact for numbers of any size.
struct NumberRules: Sendable {
    /// A number that others are held against.
    struct Limit: Sendable {
        let number: JSONNumber
        let short: ShortDecimal?

        init(_ number: JSONNumber) {
            self.number = number
            short = number.text.withBytes { ShortDecimal($0) }
        }
    }

    /// The limits where all of them are short, for the quick check.
    struct Short: Sendable {
        var minimum: ShortDecimal?
        var maximum: ShortDecimal?
        var exclusiveMinimum: ShortDecimal?
        var exclusiveMaximum: ShortDecimal?
        var multipleOf: ShortDecimal?

        /// Whether a number keeps all of them; nil where that is not found out here.
        @inline(__always)
        func holds(_ value: ShortDecimal) -> Bool? {
            if let minimum {
                guard let order = value.order(minimum) else { return nil }
                if order < 0 { return false }
            }
            if let maximum {
                guard let order = value.order(maximum) else { return nil }
                if order > 0 { return false }
            }
            if let exclusiveMinimum {
                guard let order = value.order(exclusiveMinimum) else { return nil }
                if order <= 0 { return false }
            }
            if let exclusiveMaximum {
                guard let order = value.order(exclusiveMaximum) else { return nil }
                if order >= 0 { return false }
            }
            if let multipleOf { return value.isMultiple(of: multipleOf) }
            return true
        }
    }

    var minimum: Limit?
    var maximum: Limit?
    var exclusiveMinimum: Limit?
    var exclusiveMaximum: Limit?
    var multipleOf: Limit?
    /// Nil where a limit is long.
    private(set) var short: Short?

    /// Whether there is no limit at all.
    var isEmpty: Bool {
        minimum == nil && maximum == nil && exclusiveMinimum == nil && exclusiveMaximum == nil && multipleOf == nil
    }

    /// Prepares the quick check, after the limits were set.
    mutating func prepare() {
        let limits = [minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf]
        guard limits.allSatisfy({ $0 == nil || $0?.short != nil }) else { return }
        short = Short(
            minimum: minimum?.short, maximum: maximum?.short, exclusiveMinimum: exclusiveMinimum?.short,
            exclusiveMaximum: exclusiveMaximum?.short, multipleOf: multipleOf?.short)
    }

    /// Whether a number, given as text, keeps the limits.
    static func holds(_ rules: UnsafePointer<NumberRules>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if let short = rules.pointee.short, let value = ShortDecimal(text), let holds = short.holds(value) {
            return holds
        }
        return rules.pointee.sentences(text).isEmpty
    }

    /// A sentence for each limit that a number does not keep.
    func sentences(_ text: UnsafeBufferPointer<UInt8>) -> [String] {
        guard let value = JSONNumber(text: String(decoding: text, as: UTF8.self)) else { return [] }
        var sentences: [String] = []
        func add(_ isKept: (JSONNumber) -> Bool, _ words: String, _ limit: Limit?) {
            if let limit, !isKept(limit.number) { sentences.append("must be \(words) \(limit.number)") }
        }
        add({ value >= $0 }, "at least", minimum)
        add({ value <= $0 }, "at most", maximum)
        add({ value > $0 }, "greater than", exclusiveMinimum)
        add({ value < $0 }, "less than", exclusiveMaximum)
        add({ value.isMultiple(of: $0) }, "a multiple of", multipleOf)
        return sentences
    }
}
