/// Reads a regular expression: ECMA-262 with its `u` flag and no other, but for what needs to look back at what was
/// matched or ahead without taking it, which cannot be done in linear time.
///
/// More forgiving than ECMA-262 in two ways: any ASCII punctuation may be escaped, and `]` and `}` stand for
/// themselves.
struct PatternParser {
    /// Groups in groups, at most; the tree is walked by recursion.
    static let deepest = 64

    let scalars: [Unicode.Scalar]
    var position = 0
    private var depth = 0

    static func parse(_ text: String) throws(PatternProblem) -> PatternNode {
        var parser = PatternParser(scalars: Array(text.unicodeScalars))
        let node = try parser.choice()
        guard parser.position == parser.scalars.count else {
            throw parser.problem("has a `)` without its `(`", fix: "write `\\)` for the character itself")
        }
        return node
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func peek(_ ahead: Int) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    func problem(_ message: String, fix: String) -> PatternProblem {
        PatternProblem(message: message, fix: fix, offset: position)
    }

    private mutating func choice() throws(PatternProblem) -> PatternNode {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternProblem) -> PatternNode {
        var items: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let atom = try atom()
            items.append(try quantified(atom))
        }
        switch items.count {
        case 0: return .empty
        case 1: return items[0]
        default: return .sequence(items)
        }
    }

    private mutating func atom() throws(PatternProblem) -> PatternNode {
        guard let scalar = next else { return .empty }
        switch scalar {
        case "^", "$":
            position += 1
            return .assertion(scalar == "^" ? .start : .end)
        case "(": return try group()
        case "[": return .set(try bracket())
        case ".":
            position += 1
            return .set(ScalarSet.lineEnds.inverted)
        case "\\": return try escape()
        case "*", "+", "?":
            throw problem(
                "has a `\(scalar)` with nothing to repeat", fix: "write `\\\(scalar)` for the character itself")
        case "{":
            throw problem("has a `{` that counts nothing", fix: "write `\\{` for the character itself")
        default:
            position += 1
            return .set(ScalarSet(scalar.value))
        }
    }

    private mutating func group() throws(PatternProblem) -> PatternNode {
        let start = position
        position += 1
        if take("?") { try groupKind(start) }
        depth += 1
        guard depth <= PatternParser.deepest else {
            throw problem(
                "has groups nested deeper than \(PatternParser.deepest)", fix: "write it with fewer groups")
        }
        let node = try choice()
        depth -= 1
        guard take(")") else {
            position = start
            throw problem("has a `(` without its `)`", fix: "close the group, or write `\\(` for the character")
        }
        return node
    }

    private mutating func groupKind(_ start: Int) throws(PatternProblem) {
        if take(":") { return }
        let isBehind = next == "<" && (peek(1) == "=" || peek(1) == "!")
        if next == "=" || next == "!" || isBehind {
            position = start
            throw problem(
                "looks \(isBehind ? "behind" : "ahead"), which cannot be checked in linear time",
                fix:
                    "write two patterns under `allOf`, or `not` with a pattern, without `(?=`, `(?!`, `(?<=` and `(?<!`"
            )
        }
        if take("<") {
            while let scalar = next, scalar != ">" {
                guard scalar == "_" || scalar == "$" || scalar.properties.isAlphabetic || isDigit(scalar) else {
                    break
                }
                position += 1
            }
            if take(">") { return }
        }
        position = start
        throw problem("has a group of an unknown kind", fix: "write `(…)` or `(?:…)`")
    }

    private mutating func quantified(_ atom: PatternNode) throws(PatternProblem) -> PatternNode {
        guard let scalar = next else { return atom }
        let start = position
        let bounds: (min: Int, max: Int?)
        switch scalar {
        case "*": bounds = (0, nil)
        case "+": bounds = (1, nil)
        case "?": bounds = (0, 1)
        case "{":
            bounds = try counts()
        // `counts` leaves the closing brace to be passed.
        default: return atom
        }
        position += 1
        if case .assertion = atom {
            position = start
            throw problem("repeats a place, not a character", fix: "leave `\(scalar)` out")
        }
        // Lazy or not makes no difference to whether there is a match.
        _ = take("?")
        return .repeated(atom, min: bounds.min, max: bounds.max)
    }

    private mutating func counts() throws(PatternProblem) -> (min: Int, max: Int?) {
        let start = position
        position += 1
        let min = number()
        var max = min
        if take(",") { max = next == "}" ? nil : number() }
        guard let min, next == "}", max != nil || scalars[position - 1] == "," else {
            position = start
            throw problem(
                "has a `{` that counts nothing", fix: "write `{2}`, `{2,}` or `{2,5}`, or `\\{` for the character")
        }
        if let max, max < min {
            position = start
            throw problem("counts from \(min) to \(max)", fix: "write the smaller number first")
        }
        return (min, max)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, isDigit(scalar) {
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1 << 30)
            position += 1
        }
        return value
    }

    func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x30 && scalar.value <= 0x39 }
}
