/// Looks at keys in YAML's text, where the parser cannot or must not.
enum YAMLKeys {
    /// The column of the first place in a line where something other than a plain word looks like a key: `? `,
    /// `*alias :`, `] :` or `} :`. Quotes and comments are not looked at: it may refuse too much, never too
    /// little, and is asked only where a text has both anchors and aliases.
    static func firstThatIsNotPlain(_ line: ArraySlice<UInt8>) -> Int? {
        var index = line.startIndex
        var column = 1
        var isTokenStart = true
        while index < line.endIndex {
            let byte = line[index]
            let rest = line[line.index(after: index)...]
            switch byte {
            case UInt8(ascii: "?")
            where isTokenStart && (rest.isEmpty || rest.first == 0x20 || rest.first == 0x09):
                return column
            case UInt8(ascii: "*") where isTokenStart:
                let name = rest.prefix { $0 > 0x20 && !",[]{}:".utf8.contains($0) }
                if !name.isEmpty, isColonNext(line[name.endIndex...]) { return column }
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if isColonNext(rest) { return column }
            default: break
            }
            isTokenStart = byte <= 0x20 || "[{,:-?".utf8.contains(byte)
            if byte & 0xC0 != 0x80 { column += 1 }
            index = line.index(after: index)
        }
        return nil
    }

    private static func isColonNext(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.first == UInt8(ascii: ":")
    }

    /// The text with the first character of the key at a place replaced, and the key as it was; nil where the
    /// key is not a plain or quoted word.
    static func replacing(
        keyAt place: Position, in text: String, by mark: Unicode.Scalar
    ) -> (text: String, key: String)? {
        var scalars = Array(text.unicodeScalars)
        var line = 1
        var index = 0
        while index < scalars.count, line < place.line {
            if scalars[index] == "\n" { line += 1 }
            index += 1
        }
        index += place.column - 1
        guard index < scalars.count else { return nil }
        var end: (Unicode.Scalar) -> Bool = { $0 == ":" || $0 == "\n" || $0 == "\r" || $0 == " " }
        let quote = scalars[index]
        if quote == "\"" || quote == "'" {
            index += 1
            end = { $0 == quote || $0 == "\n" }
        } else if "*&!?[]{}|>@`%".unicodeScalars.contains(quote) {
            return nil
        }
        let word = scalars[index...].prefix { !end($0) }
        guard let first = word.first, first != "\\", !word.contains("\\") else { return nil }
        var key = String.UnicodeScalarView()
        key.append(contentsOf: word)
        scalars[index] = mark
        var changed = String.UnicodeScalarView()
        changed.append(contentsOf: scalars)
        return (String(changed), String(key))
    }
}
