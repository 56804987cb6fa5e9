/// Reads entity tags from a field's value: one, or a list of them (RFC 9110, sections 5.6.1 and 8.8.3).
struct EntityTagScanner {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    /// The tag that begins here, `W/` in its capital letter only; nil where none does.
    mutating func tag() -> EntityTag? {
        var start = position
        var isWeak = false
        if start + 1 < bytes.count, bytes[start] == UInt8(ascii: "W"), bytes[start + 1] == UInt8(ascii: "/") {
            isWeak = true
            start += 2
        }
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else { return nil }
        start += 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            guard bytes[end] > 0x20, bytes[end] != 0x7F else { return nil }
            end += 1
        }
        guard end < bytes.count else { return nil }
        position = end + 1
        return EntityTag(isWeak: isWeak, opaque: bytes.part(start..<end))
    }

    /// Skips white space, and commas with it; nil members of a list count for nothing. Whether there was a comma.
    mutating func skipSeparators() -> Bool {
        var hasComma = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: ",") {
                hasComma = true
            } else if byte != 32, byte != 9 {
                break
            }
            position += 1
        }
        return hasComma
    }

    /// Whether the value is `*` alone.
    var isAny: Bool {
        var count = 0
        for byte in bytes where byte != 32 && byte != 9 {
            guard byte == UInt8(ascii: "*") else { return false }
            count += 1
        }
        return count == 1
    }
}
