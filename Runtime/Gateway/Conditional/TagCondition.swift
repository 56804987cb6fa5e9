/// `If-Match` or `If-None-Match`, gathered over all the lines of that name.
///
/// A list that is malformed anywhere names nothing, and so does `*` beside anything else: `If-Match` then fails and
/// `If-None-Match` lets the whole answer through, which is the harmless side of both.
struct TagCondition {
    private(set) var isPresent = false
    private var isMalformed = false
    private var isAny = false
    private var isMatched = false

    /// Whether the representation is among those named; it exists, so `*` names it.
    var isFulfilled: Bool { !isMalformed && (isAny || isMatched) }

    /// Takes one line.
    ///
    /// - Parameter current: the tag of the answer; nil where it has none.
    mutating func note(_ value: UnsafeRawBufferPointer, current: EntityTag?, strongly: Bool) {
        var scanner = EntityTagScanner(value)
        if isPresent, isAny || scanner.isAny { isMalformed = true }
        isPresent = true
        if scanner.isAny {
            isAny = true
            return
        }
        _ = scanner.skipSeparators()
        while !scanner.isAtEnd {
            guard let tag = scanner.tag() else {
                isMalformed = true
                return
            }
            if let current, current.isNamed(by: tag, strongly: strongly) { isMatched = true }
            guard scanner.skipSeparators() || scanner.isAtEnd else {
                isMalformed = true
                return
            }
        }
    }
}
