extension JSONWriter {
    /// Writes a string value, escaped.
    public mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { quoted($0, endsKey: false) }
    }

    /// Writes a string value, escaped, from text that is a literal in the program.
    public mutating func string(_ text: StaticString) {
        text.withUTF8Buffer { quoted($0, endsKey: false) }
    }

    /// Writes a string value from bytes that should be UTF-8; what is not is replaced by U+FFFD.
    public mutating func string(utf8: UnsafeBufferPointer<UInt8>) {
        // Making a String repairs the text, and costs nothing that matters beside a system call.
        string(String(decoding: utf8, as: UTF8.self))
    }

    /// Writes an object's key and its colon.
    public mutating func key(_ name: String) {
        var name = name
        name.withUTF8 { quoted($0, endsKey: true) }
    }

    /// Writes an object's key and its colon, from text that is a literal in the program.
    public mutating func key(_ name: StaticString) {
        name.withUTF8Buffer { quoted($0, endsKey: true) }
    }

    /// Writes `text` in quotes, behind the comma that it needs, and a colon behind it if it is a key.
    @inline(__always)
    mutating func quoted(_ text: UnsafeBufferPointer<UInt8>, endsKey: Bool) {
        let clean = Self.lengthWithoutEscapes(text)
        let comma = needsComma
        append(upTo: clean + 4) { out in
            var out = out
            let start = out
            if comma {
                out.pointee = UInt8(ascii: ",")
                out += 1
            }
            out.pointee = UInt8(ascii: "\"")
            out += 1
            if clean > 0, let source = text.baseAddress {
                out.update(from: source, count: clean)
                out += clean
            }
            if clean == text.count {
                out.pointee = UInt8(ascii: "\"")
                out += 1
                if endsKey {
                    out.pointee = UInt8(ascii: ":")
                    out += 1
                }
            }
            return out - start
        }
        if clean < text.count { escaped(UnsafeBufferPointer(rebasing: text[clean...]), endsKey: endsKey) }
        needsComma = !endsKey
    }

    /// Writes the rest of a string that needs escapes, and what ends it.
    @inline(never)
    private mutating func escaped(_ text: UnsafeBufferPointer<UInt8>, endsKey: Bool) {
        var rest = text
        while let byte = rest.first {
            escape(byte)
            rest = UnsafeBufferPointer(rebasing: rest.dropFirst())
            let clean = Self.lengthWithoutEscapes(rest)
            append(contentsOf: UnsafeBufferPointer(rebasing: rest[..<clean]))
            rest = UnsafeBufferPointer(rebasing: rest[clean...])
        }
        append(byte: UInt8(ascii: "\""))
        if endsKey { append(byte: UInt8(ascii: ":")) }
    }

    private mutating func append(byte: UInt8) {
        append(upTo: 1) { out in
            out.pointee = byte
            return 1
        }
    }

    private mutating func append(contentsOf text: UnsafeBufferPointer<UInt8>) {
        guard let source = text.baseAddress, !text.isEmpty else { return }
        append(upTo: text.count) { out in
            out.update(from: source, count: text.count)
            return text.count
        }
    }

    private mutating func escape(_ byte: UInt8) {
        append(upTo: 6) { out in
            out[0] = UInt8(ascii: "\\")
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out[1] = byte
            case 0x08: out[1] = UInt8(ascii: "b")
            case 0x09: out[1] = UInt8(ascii: "t")
            case 0x0A: out[1] = UInt8(ascii: "n")
            case 0x0C: out[1] = UInt8(ascii: "f")
            case 0x0D: out[1] = UInt8(ascii: "r")
            default:
                out[1] = UInt8(ascii: "u")
                out[2] = UInt8(ascii: "0")
                out[3] = UInt8(ascii: "0")
                out[4] = UInt8(ascii: "0") + (byte >> 4)
                let low = byte & 0x0F
                out[5] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10
                return 6
            }
            return 2
        }
    }

    /// How many bytes from the start need no escape: neither quote, backslash nor control character.
    @inline(__always)
    static func lengthWithoutEscapes(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = text.baseAddress else { return 0 }
        let count = text.count
        var position = 0
        while position + 8 <= count {
            let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self)
            let marks = ByteWord.escapeMarks(word)
            if marks != 0 { return position + marks.trailingZeroBitCount >> 3 }
            position += 8
        }
        while position < count {
            let byte = base[position]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { return position }
            position += 1
        }
        return count
    }
}
