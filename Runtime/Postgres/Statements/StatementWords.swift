/// The bare words of a statement, in small letters and in their order: keywords, numbers, and names with the points in
/// them. What stands in literals, quoted names and comments is none (PostgreSQL manual, 4.1 "Lexical Structure").
struct StatementWords: Sequence, IteratorProtocol {
    private let text: [UInt8]
    private var offset = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func next() -> String? {
        while offset < text.count {
            let byte = text[offset]
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                skipQuoted(by: byte, escapes: false)
            } else if byte == UInt8(ascii: "-"), isByte(UInt8(ascii: "-"), at: offset + 1) {
                skipLine()
            } else if byte == UInt8(ascii: "/"), isByte(UInt8(ascii: "*"), at: offset + 1) {
                skipComment()
            } else if byte == UInt8(ascii: "$") {
                skipDollarQuoted()
            } else if Self.isPart(byte) {
                let start = offset
                while offset < text.count, Self.isPart(text[offset]) { offset += 1 }
                let word = String(decoding: text[start..<offset], as: UTF8.self).lowercased()
                guard word == "e", isByte(UInt8(ascii: "'"), at: offset) else { return word }
                skipQuoted(by: UInt8(ascii: "'"), escapes: true)
            } else {
                offset += 1
            }
        }
        return nil
    }

    private func isByte(_ byte: UInt8, at index: Int) -> Bool { index < text.count && text[index] == byte }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }

    private mutating func skipQuoted(by quote: UInt8, escapes: Bool) {
        offset += 1
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            if byte == quote {
                // Doubled, it is part of what is quoted.
                guard isByte(quote, at: offset) else { return }
                offset += 1
            } else if escapes, byte == UInt8(ascii: "\\") {
                offset += 1
            }
        }
    }

    private mutating func skipLine() {
        while offset < text.count, text[offset] != UInt8(ascii: "\n"), text[offset] != UInt8(ascii: "\r") {
            offset += 1
        }
    }

    private mutating func skipComment() {
        var depth = 0
        while offset < text.count {
            if text[offset] == UInt8(ascii: "/"), isByte(UInt8(ascii: "*"), at: offset + 1) {
                depth += 1
                offset += 2
            } else if text[offset] == UInt8(ascii: "*"), isByte(UInt8(ascii: "/"), at: offset + 1) {
                depth -= 1
                offset += 2
                if depth == 0 { return }
            } else {
                offset += 1
            }
        }
    }

    /// `$tag$ … $tag$`; a lone `$` is passed over.
    private mutating func skipDollarQuoted() {
        var end = offset + 1
        while end < text.count, text[end] != UInt8(ascii: "$"), Self.isPart(text[end]) { end += 1 }
        guard isByte(UInt8(ascii: "$"), at: end) else {
            offset += 1
            return
        }
        let mark = text[offset...end]
        offset = end + 1
        while offset < text.count {
            if text[offset] == UInt8(ascii: "$"), text[offset...].starts(with: mark) {
                offset += mark.count
                return
            }
            offset += 1
        }
    }
}
