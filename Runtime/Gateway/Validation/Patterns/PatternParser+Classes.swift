extension PatternParser {
    /// An escape outside brackets.
    mutating func escape() throws(PatternProblem) -> PatternNode {
        switch peek(1) {
        case "b", "B":
            let node = PatternNode.assertion(peek(1) == "b" ? .boundary : .noBoundary)
            position += 2
            return node
        case "k", .some("1"..."9"):
            throw problem(
                "refers back to a group, which cannot be checked in linear time",
                fix: "write out what may stand there")
        default: return .set(try escapedSet().set)
        }
    }

    /// A set in brackets.
    mutating func bracket() throws(PatternProblem) -> ScalarSet {
        let start = position
        position += 1
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while let scalar = next, scalar != "]" {
            let first = try member()
            guard next == "-", let behind = peek(1), behind != "]" else {
                ranges += first.set.ranges
                continue
            }
            position += 1
            let last = try member()
            guard let low = first.scalar, let high = last.scalar else {
                throw problem("has a range between sets", fix: "write `\\-` for the character itself")
            }
            guard low <= high else {
                throw problem("has a range that runs backwards", fix: "write its smaller end first")
            }
            ranges.append(low...high)
        }
        guard take("]") else {
            position = start
            throw problem("has a `[` without its `]`", fix: "close the set, or write `\\[` for the character")
        }
        let set = ScalarSet(ranges)
        return isInverted ? set.inverted : set
    }

    /// One member of a set in brackets: a scalar, or a set that an escape names.
    private mutating func member() throws(PatternProblem) -> (set: ScalarSet, scalar: UInt32?) {
        guard let scalar = next, scalar == "\\" else {
            let value = next?.value ?? 0
            position += 1
            return (ScalarSet(value), value)
        }
        if peek(1) == "b" {
            position += 2
            return (ScalarSet(0x08), 0x08)
        }
        return try escapedSet()
    }

    /// What an escape stands for.
    private mutating func escapedSet() throws(PatternProblem) -> (set: ScalarSet, scalar: UInt32?) {
        let start = position
        position += 1
        guard let scalar = next else {
            position = start
            throw problem("ends with a lone backslash", fix: "write `\\\\` for the character itself")
        }
        position += 1
        func one(_ value: UInt32) -> (set: ScalarSet, scalar: UInt32?) { (ScalarSet(value), value) }
        switch scalar {
        case "d": return (.digits, nil)
        case "D": return (ScalarSet.digits.inverted, nil)
        case "w": return (.words, nil)
        case "W": return (ScalarSet.words.inverted, nil)
        case "s": return (.spaces, nil)
        case "S": return (ScalarSet.spaces.inverted, nil)
        case "p", "P": return (try property(isInverted: scalar == "P", start), nil)
        case "t": return one(0x09)
        case "n": return one(0x0A)
        case "v": return one(0x0B)
        case "f": return one(0x0C)
        case "r": return one(0x0D)
        case "0" where next.map(isDigit) != true: return one(0)
        case "c":
            if let letter = next, letter.isASCII, letter.properties.isAlphabetic {
                position += 1
                return one(letter.value & 0x1F)
            }
        case "x":
            if let value = hex(digits: 2) { return one(value) }
        case "u":
            if let value = codePoint() { return one(value) }
        case _ where isPunctuation(scalar): return one(scalar.value)
        default: break
        }
        position = start
        throw problem(
            "has an escape that means nothing", fix: "write the character without its backslash, or another escape")
    }

    private func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && scalar.value > 0x20 && scalar.value != 0x7F && !isDigit(scalar)
            && !scalar.properties.isAlphabetic
    }

    private mutating func hex(digits: Int) -> UInt32? {
        var value: UInt32 = 0
        for ahead in 0..<digits {
            guard let scalar = peek(ahead), let digit = hexDigit(scalar) else { return nil }
            value = value << 4 | digit
        }
        position += digits
        return value
    }

    private func hexDigit(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar.value {
        case 0x30...0x39: scalar.value - 0x30
        case 0x41...0x46: scalar.value - 0x41 + 10
        case 0x61...0x66: scalar.value - 0x61 + 10
        default: nil
        }
    }

    /// What follows `\u`: four digits, two such that are a surrogate pair, or any number of them in braces.
    private mutating func codePoint() -> UInt32? {
        if take("{") {
            var value: UInt32 = 0
            let start = position
            while let scalar = next, let digit = hexDigit(scalar) {
                value = min(value << 4 | digit, ScalarSet.last + 1)
                position += 1
            }
            guard position > start, take("}"), value <= ScalarSet.last else { return nil }
            return value
        }
        guard let high = hex(digits: 4) else { return nil }
        guard (0xD800...0xDBFF).contains(high), next == "\\", peek(1) == "u" else { return high }
        let after = position
        position += 2
        if let low = hex(digits: 4), (0xDC00...0xDFFF).contains(low) {
            return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        }
        position = after
        return high
    }

    private mutating func property(isInverted: Bool, _ start: Int) throws(PatternProblem) -> ScalarSet {
        var name = ""
        if take("{") {
            while let scalar = next, scalar != "}", name.utf8.count < 64 {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            if take("}"), let set = UnicodeProperty.set(name) { return isInverted ? set.inverted : set }
        }
        position = start
        throw problem(
            "names a Unicode property that is not known here",
            fix: "write a general category such as `\\p{L}`, `\\p{Lu}` or `\\p{Nd}`, or a range of characters")
    }
}
