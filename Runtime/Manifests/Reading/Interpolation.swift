/// Replaces `${NAME}` and `${NAME:-default}` from an environment; `$${` is a literal `${`.
struct Interpolation {
    /// A text after replacement.
    struct Outcome {
        var text: String
        /// Whether anything was replaced: then the text may be a secret.
        var isReplaced: Bool
        /// Whether the whole text was one reference.
        var isWhole: Bool
    }

    let environment: [String: String]

    func resolve(_ text: String) throws(TextProblem) -> Outcome {
        guard text.utf8.contains(UInt8(ascii: "$")) else {
            return Outcome(text: text, isReplaced: false, isWhole: false)
        }
        var out = ""
        var rest = text[...]
        var references = 0
        var literals = 0
        while let dollar = rest.firstIndex(of: "$") {
            literals += rest[..<dollar].isEmpty ? 0 : 1
            out += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                out += "${"
                rest = rest.dropFirst(3)
                literals += 1
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    throw TextProblem(
                        "has a `${` that is not closed",
                        fix: "write `${NAME}`, or `$${` for the characters `${`")
                }
                out += try value(of: rest[rest.index(rest.startIndex, offsetBy: 2)..<end])
                rest = rest[rest.index(after: end)...]
                references += 1
            } else {
                out += "$"
                rest = rest.dropFirst()
                literals += 1
            }
        }
        out += rest
        let isWhole = references == 1 && literals == 0 && rest.isEmpty
        return Outcome(text: out, isReplaced: references > 0, isWhole: isWhole)
    }

    /// As a shell does it, a default also stands in for an empty value.
    private func value(of reference: Substring) throws(TextProblem) -> String {
        let name = String(reference.prefix { $0 != ":" })
        let isName = TextFormat.word(
            name, limit: 256, first: { TextFormat.isLetter($0) || $0 == 0x5F },
            rest: { TextFormat.isLetterOrDigit($0) || $0 == 0x5F })
        let tail = reference.dropFirst(name.count)
        guard isName, tail.isEmpty || tail.hasPrefix(":-") else {
            throw TextProblem(
                "has `${\(reference)}`, which names no variable",
                fix: "write `${NAME}` or `${NAME:-default}`, or `$${` for the characters `${`")
        }
        guard !tail.contains("${") else {
            throw TextProblem(
                "has a reference inside the default of `${\(name):-…}`", fix: "write a plain default")
        }
        if let value = environment[name], !(value.isEmpty && !tail.isEmpty) { return value }
        guard !tail.isEmpty else {
            throw TextProblem(
                "needs `\(name)`, which is not set",
                fix: "set \(name) in the environment or in .env, or write `${\(name):-default}`")
        }
        return String(tail.dropFirst(2))
    }
}
