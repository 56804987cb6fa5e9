/// `.env` beside the manifest: `NAME=value` a line, `#` comments, quotes, an optional `export`.
enum DotEnv {
    /// The variables, the later of two equal names winning as in a shell; bad lines are reported and left out.
    static func parse(_ text: String, file: String, problems: ProblemList) -> [String: String] {
        var variables: [String: String] = [:]
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            do throws(Fault) {
                if let (name, value) = try entry(line) { variables[name] = value }
            } catch {
                problems.error(
                    Position(line: index + 1, column: error.column), error.message, fix: error.fix, file: file
                )
            }
        }
        return variables
    }

    private struct Fault: Error {
        var column: Int
        var message: String
        var fix: String
    }

    private static func entry(_ line: Substring) throws(Fault) -> (String, String)? {
        var rest = line.drop(while: isBlank)
        guard let first = rest.first, first != "#" else { return nil }
        if rest.hasPrefix("export "), let name = rest.dropFirst(7).first(where: { !isBlank($0) }), name != "=" {
            rest = rest.dropFirst(7).drop(while: isBlank)
        }
        let column = line.unicodeScalars.distance(from: line.startIndex, to: rest.startIndex) + 1
        let name = rest.prefix { $0 != "=" && !isBlank($0) }
        let afterName = rest[name.endIndex...]
        let isName = TextFormat.word(
            String(name), limit: 256, first: { TextFormat.isLetter($0) || $0 == 0x5F },
            rest: { TextFormat.isLetterOrDigit($0) || $0 == 0x5F })
        guard isName else {
            throw Fault(
                column: column, message: "this line does not begin with a variable's name",
                fix: "write `NAME=value`, or `#` before a comment")
        }
        guard afterName.hasPrefix("=") else {
            throw Fault(
                column: column, message: "`\(name)` has no `=` right after it", fix: "write `\(name)=value`")
        }
        let value = afterName.dropFirst()
        let valueColumn = line.unicodeScalars.distance(from: line.startIndex, to: value.startIndex) + 1
        return (String(name), try self.value(value.drop(while: isBlank), column: valueColumn))
    }

    private static func value(_ text: Substring, column: Int) throws(Fault) -> String {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            return unquoted(text)
        }
        var out = ""
        var index = text.index(after: text.startIndex)
        while index < text.endIndex, text[index] != quote {
            if quote == "\"", text[index] == "\\", text.index(after: index) < text.endIndex {
                index = text.index(after: index)
                switch text[index] {
                case "n": out += "\n"
                case "r": out += "\r"
                case "t": out += "\t"
                case "\"", "\\", "$": out.append(text[index])
                default: out += "\\" + String(text[index])
                }
            } else {
                out.append(text[index])
            }
            index = text.index(after: index)
        }
        guard index < text.endIndex else {
            throw Fault(column: column, message: "these quotes are not closed", fix: "add the closing quote")
        }
        let rest = text[text.index(after: index)...].drop(while: isBlank)
        guard rest.isEmpty || rest.hasPrefix("#") else {
            throw Fault(
                column: column, message: "there is more after the closing quote",
                fix: "put the whole value in quotes")
        }
        return out
    }

    /// Up to a `#` that follows a blank, without blanks at the end.
    private static func unquoted(_ text: Substring) -> String {
        var end = text.endIndex
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "#", isBlank(previous) {
                end = index
                break
            }
            previous = text[index]
        }
        var value = text[..<end]
        while let last = value.last, isBlank(last) { value.removeLast() }
        return String(value)
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
}
