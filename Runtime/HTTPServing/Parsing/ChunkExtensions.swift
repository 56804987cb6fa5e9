/// What may stand behind a chunk's size: `;name`, `;name=token` or `;name="text"`, any number of them, with blanks before
/// and behind `;` and `=` (RFC 9112, section 7.1.1). They are checked and dropped.
enum ChunkExtensions {
    /// Whether that is all that `text` holds; an extension without a name is none.
    static func areValid(_ text: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place < text.count {
            skipBlanks(text, &place)
            guard take(0x3B, text, &place) else { return false }
            skipBlanks(text, &place)
            guard skipToken(text, &place) else { return false }
            let end = place
            skipBlanks(text, &place)
            guard take(0x3D, text, &place) else {
                // Blanks behind a name stand before the next `;`, or nowhere.
                place = end
                continue
            }
            skipBlanks(text, &place)
            guard skipToken(text, &place) || skipQuoted(text, &place) else { return false }
        }
        return true
    }

    private static func take(_ byte: UInt8, _ text: UnsafeRawBufferPointer, _ place: inout Int) -> Bool {
        guard place < text.count, text[place] == byte else { return false }
        place += 1
        return true
    }

    private static func skipBlanks(_ text: UnsafeRawBufferPointer, _ place: inout Int) {
        while place < text.count, text[place] == 0x20 || text[place] == 0x09 { place += 1 }
    }

    private static func skipToken(_ text: UnsafeRawBufferPointer, _ place: inout Int) -> Bool {
        let start = place
        while place < text.count, ByteSet.token.contains(text[place]) { place += 1 }
        return place > start
    }

    /// A quoted string (RFC 9110, section 5.6.4): a backslash takes the byte behind it as it is.
    private static func skipQuoted(_ text: UnsafeRawBufferPointer, _ place: inout Int) -> Bool {
        guard take(0x22, text, &place) else { return false }
        while place < text.count {
            var byte = text[place]
            place += 1
            if byte == 0x22 { return true }
            if byte == 0x5C {
                guard place < text.count else { return false }
                byte = text[place]
                place += 1
            }
            guard byte == 0x09 || (byte >= 0x20 && byte != 0x7F) else { return false }
        }
        return false
    }
}
