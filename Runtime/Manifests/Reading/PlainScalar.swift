/// What an unquoted scalar means by YAML 1.2's core schema: so `no`, `on` and `yes` are text.
enum PlainScalar {
    static func flag(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    /// A decimal whole number.
    static func whole(_ text: String) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        guard !digits.isEmpty, digits.utf8.allSatisfy(TextFormat.isDigit) else { return nil }
        return Int(text)
    }

    /// A number as JSON writes it.
    static func isNumber(_ text: String) -> Bool {
        var rest = text.utf8[...]
        if rest.first == 0x2D { rest.removeFirst() }
        let whole = rest.prefix(while: TextFormat.isDigit)
        guard !whole.isEmpty, whole.count == 1 || whole.first != 0x30 else { return false }
        rest = rest[whole.endIndex...]
        if rest.first == 0x2E {
            rest.removeFirst()
            let fraction = rest.prefix(while: TextFormat.isDigit)
            guard !fraction.isEmpty else { return false }
            rest = rest[fraction.endIndex...]
        }
        if rest.first == 0x65 || rest.first == 0x45 {
            rest.removeFirst()
            if rest.first == 0x2B || rest.first == 0x2D { rest.removeFirst() }
            let exponent = rest.prefix(while: TextFormat.isDigit)
            guard !exponent.isEmpty else { return false }
            rest = rest[exponent.endIndex...]
        }
        return rest.isEmpty
    }

    static func number(_ text: String) -> Double? { isNumber(text) ? Double(text) : nil }

    /// A text as it may stand between brackets, in quotes where it has to have them or `isQuoted`.
    static func inFlow(_ text: String, isQuoted: Bool) -> String {
        let isSafe =
            !isIndicator(text) && !text.contains { "{}[],".contains($0) || $0.isNewline }
            && !text.contains(": ") && !text.contains(" #") && !text.hasSuffix(":")
        return isSafe && !isQuoted ? text : JSONText.text(text).rendered(indentation: nil)
    }

    /// Whether the text begins as something other than a plain scalar.
    private static func isIndicator(_ text: String) -> Bool {
        guard let first = text.first, first != " " else { return true }
        if first == "-" { return text == "-" || text.hasPrefix("- ") }
        return "*&!|>%@`\"'#{}[],?:".contains(first)
    }

    /// Whether the text is a number or a boolean unless it is quoted.
    static func isTyped(_ text: String) -> Bool {
        flag(text) != nil || isNumber(text) || whole(text) != nil
    }
}
