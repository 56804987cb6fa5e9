/// A file's bytes as text that is safe to parse.
enum SourceText {
    /// 1 MiB: far above any manifest, and little enough to parse while requests are served.
    static let limit = 1 << 20

    /// The text, or nil after saying why not.
    static func read(_ bytes: [UInt8], problems: ProblemList) -> String? {
        guard bytes.count <= limit else {
            problems.error(
                .start, "the manifest is larger than 1MiB",
                fix: "move long values into files and name them with `{file: PATH}`")
            return nil
        }
        var content = bytes[...]
        if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        if content.starts(with: [0xFF, 0xFE]) || content.starts(with: [0xFE, 0xFF]) {
            problems.error(.start, "the manifest is UTF-16", fix: "save it as UTF-8")
            return nil
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            problems.error(
                firstFault(content), "the manifest is not valid UTF-8 here",
                fix: "save it as UTF-8, or remove the character")
            return nil
        }
        guard !text.utf8.allSatisfy({ $0 <= 0x20 }) else {
            problems.error(
                .start, "the manifest is empty", fix: "write `swiftlet: 1`, a `name` and `functions`")
            return nil
        }
        return text
    }

    /// Where the first byte is that begins no valid sequence.
    private static func firstFault(_ bytes: ArraySlice<UInt8>) -> Position {
        var position = Position.start
        var decoder = Unicode.UTF8.ForwardParser()
        var source = bytes.makeIterator()
        while case .valid(let sequence) = decoder.parseScalar(from: &source) {
            if sequence.first == 0x0A {
                position = Position(line: position.line + 1, column: 1)
            } else {
                position.column += 1
            }
        }
        return position
    }
}
