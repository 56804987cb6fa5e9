extension TapeBuilder {
    /// Reads a string from its opening quote to behind its closing one.
    @inline(__always)
    mutating func readString(isKey: Bool) throws(SyntaxFault) {
        let start = p + 1
        var isASCII = true
        p = start
        while true {
            // The padding lets eight bytes be read anywhere in the text, and its zeros end the scan.
            let marks = ByteWord.stringMarks(UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
            if marks == 0 {
                p += 8
                continue
            }
            p += marks.trailingZeroBitCount >> 3
            if p.pointee == UInt8(ascii: "\"") { break }
            if p.pointee == UInt8(ascii: "\\") {
                return try readEscaped(from: start, isASCII: isASCII, isKey: isKey)
            }
            if p.pointee < 0x20 { throw fault(p == end ? .unterminatedString : .controlCharacter) }
            isASCII = false
            p += try sequenceLength()
        }
        var entry = TapeEntry(.string, start: start - base, length: p - start, flags: isASCII ? .ascii : [])
        if isKey { entry.hash = hash(start, count: p - start) }
        append(entry)
        p += 1
    }

    /// Reads the rest of a string that has an escape at `p`; the string without its escapes goes to the arena.
    @inline(never)
    private mutating func readEscaped(
        from start: UnsafeMutablePointer<UInt8>, isASCII: Bool, isKey: Bool
    ) throws(SyntaxFault) {
        let arena = tape.arena ?? .allocate(capacity: tape.inputCount)
        tape.arena = arena
        let first = arena + arenaCount
        var out = first
        var isASCII = isASCII
        var run = start
        func copyRun(to end: UnsafeMutablePointer<UInt8>) {
            out.update(from: run, count: end - run)
            out += end - run
        }
        while p.pointee != UInt8(ascii: "\"") {
            if p.pointee == UInt8(ascii: "\\") {
                copyRun(to: p)
                let length = try readEscape(to: out)
                if length > 1 { isASCII = false }
                out += length
                run = p
            } else if p.pointee < 0x20 {
                throw fault(p == end ? .unterminatedString : .controlCharacter)
            } else if p.pointee < 0x80 {
                p += 1
            } else {
                isASCII = false
                p += try sequenceLength()
            }
        }
        copyRun(to: p)
        var flags: TapeEntry.Flags = .inArena
        if isASCII { flags.insert(.ascii) }
        var entry = TapeEntry(.string, start: arenaCount, length: out - first, flags: flags)
        if isKey { entry.hash = hash(first, count: out - first) }
        append(entry)
        arenaCount += out - first
        p += 1
    }

    /// Reads one escape and writes its character in UTF-8, which is never longer; returns the length written.
    private mutating func readEscape(to out: UnsafeMutablePointer<UInt8>) throws(SyntaxFault) -> Int {
        switch p[1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.pointee = p[1]
        case UInt8(ascii: "b"): out.pointee = 0x08
        case UInt8(ascii: "f"): out.pointee = 0x0C
        case UInt8(ascii: "n"): out.pointee = 0x0A
        case UInt8(ascii: "r"): out.pointee = 0x0D
        case UInt8(ascii: "t"): out.pointee = 0x09
        case UInt8(ascii: "u"):
            var scalar = try readHex(at: p + 2)
            var length = 6
            if (0xD800...0xDFFF).contains(scalar) {
                guard scalar < 0xDC00, p[6] == UInt8(ascii: "\\"), p[7] == UInt8(ascii: "u") else {
                    throw fault(.loneSurrogate)
                }
                let low = try readHex(at: p + 8)
                guard (0xDC00...0xDFFF).contains(low) else { throw fault(.loneSurrogate) }
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                length = 12
            }
            p += length
            return Self.encode(scalar, to: out)
        default: throw fault(p + 1 == end ? .unterminatedString : .badEscape)
        }
        p += 2
        return 1
    }

    private func readHex(at start: UnsafeMutablePointer<UInt8>) throws(SyntaxFault) -> UInt32 {
        var value: UInt32 = 0
        for position in 0..<4 {
            let byte = start[position]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            // The padding is no digit, so nothing behind it is looked at.
            default: throw fault(.badEscape)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private static func encode(_ scalar: UInt32, to out: UnsafeMutablePointer<UInt8>) -> Int {
        func trail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: scalar >> shift & 0x3F | 0x80) }
        if scalar < 0x80 {
            out[0] = UInt8(truncatingIfNeeded: scalar)
            return 1
        }
        if scalar < 0x800 {
            out[0] = UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0)
            out[1] = trail(0)
            return 2
        }
        if scalar < 0x10000 {
            out[0] = UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0)
            out[1] = trail(6)
            out[2] = trail(0)
            return 3
        }
        out[0] = UInt8(truncatingIfNeeded: scalar >> 18 | 0xF0)
        out[1] = trail(12)
        out[2] = trail(6)
        out[3] = trail(0)
        return 4
    }

    /// The length of the sequence of more than one byte at `p`, by RFC 3629: no overlong forms, no surrogates,
    /// nothing above U+10FFFF.
    private func sequenceLength() throws(SyntaxFault) -> Int {
        let second: ClosedRange<UInt8>
        let length: Int
        switch p.pointee {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xE1...0xEC, 0xEE...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: throw fault(.badUTF8)
        }
        guard second.contains(p[1]), length < 3 || p[2] & 0xC0 == 0x80, length < 4 || p[3] & 0xC0 == 0x80
        else {
            throw fault(.badUTF8)
        }
        return length
    }
}
