import Yams

/// A fault of the YAML itself, in our words.
struct YAMLProblem {
    let position: Position
    let message: String
    let fix: String

    init(_ failure: YamlError, in text: String) {
        switch failure {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            var position = Position(line: mark.line, column: mark.column)
            let said = Self.explain(problem, context: context?.text ?? "", at: position, in: text)
            if said.isWhereItBegan, let context {
                position = Position(line: context.mark.line, column: context.mark.column)
            }
            (self.position, message, fix) = (position, said.message, said.fix)
        case .reader(_, let offset, _, _):
            position = Self.position(of: offset ?? 0, in: text)
            message = "a control character is not allowed here"
            fix = "remove it, or write it as an escape in double quotes, such as \"\\u0007\""
        default:
            position = .start
            message = "the YAML cannot be read: \(failure)"
            fix = "check it with an editor"
        }
    }

    private typealias Explanation = (message: String, fix: String, isWhereItBegan: Bool)

    private static func explain(
        _ problem: String, context: String, at position: Position, in text: String
    ) -> Explanation {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let line = position.line <= lines.count ? String(lines[position.line - 1]) : ""
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return ("a tab indents this line, which YAML forbids", "indent with spaces", false)
        }
        if problem.contains("nesting level") {
            return ("this is nested too deeply", "remove brackets: a manifest needs a few levels", false)
        }
        if problem.contains("single document") || problem.contains("another document") {
            return ("a second YAML document begins here", "keep one document, remove this `---`", false)
        }
        if problem.contains("mapping values are not allowed") {
            return (
                "a second `key: value` begins here on the line of another, or the line is indented too far",
                "quote a value that holds `: `, or give each key a line of its own at the level of its neighbours",
                false
            )
        }
        if problem.contains("could not find expected ':'") {
            return ("this key has no `:` after it", "write `key: value`, with a space after the colon", true)
        }
        if context.contains("quoted scalar") {
            return problem.contains("escape")
                ? (
                    "this escape is not one that YAML knows",
                    "write `\\\\` for a backslash, or use single quotes", false
                )
                : ("these quotes are not closed", "add the closing quote", true)
        }
        let isList = context.contains("flow sequence")
        if isList || context.contains("flow mapping"),
            let text = unquoted(in: line, braceAt: position.column)
        {
            return withoutQuotes(text, isList: isList)
        }
        if isList {
            return ("the list that begins here is not closed", "separate with commas, end with `]`", true)
        }
        if context.contains("flow mapping") {
            return ("the map that begins here is not closed", "separate with commas, end with `}`", true)
        }
        for (mark, name) in [("*", "alias"), ("&", "anchor")] where context.contains("scanning an \(name)") {
            return ("a value that begins with `\(mark)` must be quoted", "put the value in quotes", true)
        }
        if problem.contains("undefined alias") {
            return (
                "this alias names no anchor above it", "define it with `&name` first, or quote the `*`", false
            )
        }
        if problem.contains("cannot start any token") {
            return ("this character cannot begin a value", "put the value in quotes", false)
        }
        if context.contains("block mapping") || context.contains("block collection") {
            return (
                "this line does not fit the lines above it",
                "give it the indentation of its neighbours, and a `:` after its key", false
            )
        }
        let why = context.isEmpty ? problem : "\(problem) \(context)"
        return ("the YAML cannot be read: \(why)", "check indentation, quotes and colons near here", false)
    }

    private static func withoutQuotes(_ text: String, isList: Bool) -> Explanation {
        guard RoutePattern(text) != nil else {
            return ("a text with `{…}` needs quotes inside `[ ]` and `{ }`", "write `\"\(text)\"`", false)
        }
        return (
            "a route with `{…}` needs quotes inside `[ ]` and `{ }`",
            isList ? "write `routes: [\"\(text)\", …]`" : "write `route: \"\(text)\"`", false
        )
    }

    /// The text without quotes whose parameter begins with the brace at a column; nil: there is none.
    private static func unquoted(in line: String, braceAt column: Int) -> String? {
        let scalars = Array(line.unicodeScalars)
        let brace = column - 1
        guard brace > 0, brace < scalars.count, scalars[brace] == "{",
            scalars[brace - 1] == "/" || scalars[brace - 1] == "$"
        else {
            return nil
        }
        var start = brace
        while start > 0, !"[{,".unicodeScalars.contains(scalars[start - 1]) {
            if scalars[start - 1] == " ", start > 1, scalars[start - 2] == ":" { break }
            start -= 1
        }
        var end = brace
        var depth = 0
        while end < scalars.count {
            if scalars[end] == "{" { depth += 1 }
            if scalars[end] == "}" { depth -= 1 }
            if depth < 0 || (depth == 0 && (scalars[end] == "," || scalars[end] == "]")) { break }
            end += 1
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<end].drop { $0 == " " })
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    private static func position(of offset: Int, in text: String) -> Position {
        var position = Position.start
        for scalar in text.prefix(offset).unicodeScalars {
            if scalar == "\n" {
                position = Position(line: position.line + 1, column: 1)
            } else {
                position.column += 1
            }
        }
        return position
    }
}
