/// A form that a text must have: how it is called, a pattern for editors, and the check itself.
struct TextFormat: Sendable {
    /// Such as `a path`.
    let what: String
    /// ECMA 262, for the JSON Schema; nil: any text.
    let pattern: String?
    /// What to write, for a value that must not be shown.
    let example: String
    let check: @Sendable (String) throws(TextProblem) -> Void

    init(
        _ what: String, pattern: String? = nil, example: String,
        check: @escaping @Sendable (String) throws(TextProblem) -> Void
    ) {
        self.what = what
        self.pattern = pattern
        self.example = example
        self.check = check
    }

    /// A form that is a set of characters.
    init(
        _ what: String, pattern: String, example: String, rule: String,
        where accepts: @escaping @Sendable (String) -> Bool
    ) {
        self.init(what, pattern: pattern, example: example) { (text) throws(TextProblem) in
            guard accepts(text) else { throw TextProblem(rule, fix: "write something like `\(example)`") }
        }
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

    /// One to `limit` characters, the first by one rule and the rest by another.
    static func word(
        _ text: String, limit: Int = 64, first: (UInt8) -> Bool, rest: (UInt8) -> Bool
    ) -> Bool {
        guard let head = text.utf8.first, first(head), text.utf8.count <= limit else { return false }
        return text.utf8.dropFirst().allSatisfy(rest)
    }

    /// RFC 9110 section 5.6.2.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { isLetterOrDigit($0) || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }

    static func holdsControlCharacter(_ text: String) -> Bool {
        text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }
}
