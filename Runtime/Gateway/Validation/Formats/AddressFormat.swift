/// Addresses of hosts: IPv4 in dotted decimal without leading zeros (RFC 2673, section 3.2), IPv6 by RFC 4291,
/// section 2.2, without a zone.
enum AddressFormat {
    static func isIPv4(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count <= 15 else { return false }
        var parts = 0
        var value = 0
        var digits = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard digits > 0 else { return false }
                parts += 1
                (value, digits) = (0, 0)
                continue
            }
            guard byte.isDecimalDigit, digits == 0 || value > 0 else { return false }
            value = value * 10 + Int(byte - 0x30)
            digits += 1
            guard value <= 255 else { return false }
        }
        return parts == 3 && digits > 0
    }

    static func isIPv6(_ text: UnsafeRawBufferPointer) -> Bool {
        guard (2...45).contains(text.count) else { return false }
        var groups = 0
        var isShortened = false
        var index = 0
        if text[0] == UInt8(ascii: ":") {
            guard text[1] == UInt8(ascii: ":") else { return false }
            isShortened = true
            index = 2
        }
        while index < text.count {
            let start = index
            while index < text.count, text[index].isHexDigit { index += 1 }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                groups += 2
                guard isIPv4(text.part(start..<text.count)) else { return false }
                return isShortened ? groups < 8 : groups == 8
            }
            guard (1...4).contains(index - start) else { return false }
            groups += 1
            if index == text.count { break }
            guard text[index] == UInt8(ascii: ":") else { return false }
            index += 1
            // A colon at the end is half of a pair, or one too many.
            guard index < text.count else { return false }
            if text[index] == UInt8(ascii: ":") {
                guard !isShortened else { return false }
                isShortened = true
                index += 1
            }
        }
        return isShortened ? groups < 8 : groups == 8
    }
}
