/// Reads `name`, `name=token` and `name="quoted"`, comma after comma (RFC 9111, section 5.2).
///
/// What is neither is skipped up to the next comma and remembered.
struct DirectiveScanner {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// Whether something was skipped, or a quote has no end.
    private(set) var isMalformed = false

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next directive; the argument without its quotes, its escapes as they are.
    mutating func next() -> (name: UnsafeRawBufferPointer, argument: UnsafeRawBufferPointer?)? {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: ",") || byte == 32 || byte == 9 {
                position += 1
                continue
            }
            let name = token()
            guard !name.isEmpty else {
                skip()
                continue
            }
            var argument: UnsafeRawBufferPointer?
            if position < bytes.count, bytes[position] == UInt8(ascii: "=") {
                position += 1
                let isQuoted = position < bytes.count && bytes[position] == UInt8(ascii: "\"")
                argument = isQuoted ? quoted() : token()
            }
            while position < bytes.count, bytes[position] == 32 || bytes[position] == 9 { position += 1 }
            if position < bytes.count, bytes[position] != UInt8(ascii: ",") { skip() }
            return (name, argument)
        }
        return nil
    }

    private mutating func token() -> UnsafeRawBufferPointer {
        let start = position
        while position < bytes.count, Self.isTokenByte(bytes[position]) { position += 1 }
        return bytes.part(start..<position)
    }

    private mutating func quoted() -> UnsafeRawBufferPointer {
        position += 1
        let start = position
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "\"") {
                position += 1
                return bytes.part(start..<position - 1)
            }
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position = bytes.count
        isMalformed = true
        return bytes.part(min(start, bytes.count)..<bytes.count)
    }

    private mutating func skip() {
        isMalformed = true
        while position < bytes.count, bytes[position] != UInt8(ascii: ",") { position += 1 }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            byte > 0x20 && byte < 0x7F && !isDelimiter(byte)
        }
    }

    /// RFC 9110, section 5.6.2.
    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "/"),
            UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: "="), UInt8(ascii: ">"),
            UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "\\"), UInt8(ascii: "]"),
            UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
