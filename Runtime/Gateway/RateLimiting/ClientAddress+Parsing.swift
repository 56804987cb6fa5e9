extension ClientAddress {
    /// An IPv4 address in four decimal numbers, or an IPv6 address (RFC 4291, section 2.2), and nothing around it; nil
    /// for anything else.
    @inline(__always)
    init?(_ text: UnsafeRawBufferPointer) {
        if let address = Self.ipv4(text) {
            self.init(ipv4: address)
        } else if let (high, low) = Self.ipv6(text) {
            self.init(high: high, low: low)
        } else {
            return nil
        }
    }

    /// An address as proxies write it: as it is, in brackets, or with a port behind it (`192.0.2.1:80`,
    /// `[2001:db8::1]:80`); nil for anything else.
    init?(hop text: UnsafeRawBufferPointer) {
        guard let first = text.first else { return nil }
        if first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: UInt8(ascii: "]")),
                let (high, low) = Self.ipv6(text.part(1..<end)),
                end + 1 == text.count || Self.isPort(text.part(end + 1..<text.count))
            else { return nil }
            self.init(high: high, low: low)
            return
        }
        if let address = ClientAddress(text) {
            self = address
            return
        }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), let address = Self.ipv4(text.part(0..<colon)),
            Self.isPort(text.part(colon..<text.count))
        else { return nil }
        self.init(ipv4: address)
    }

    /// `:` and up to five digits, or an obfuscated port (RFC 7239, section 6.2).
    private static func isPort(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 2, text[0] == UInt8(ascii: ":") else { return false }
        if text[1] == UInt8(ascii: "_") {
            return text.count > 2
                && text[2...].allSatisfy { byte in
                    switch byte {
                    case 48...57, 65...90, 97...122, 45, 46, 95: true
                    default: false
                    }
                }
        }
        return text.count <= 6 && text[1...].allSatisfy { (48...57).contains($0) }
    }

    @inline(__always)
    private static func ipv4(_ text: UnsafeRawBufferPointer) -> UInt32? {
        guard (7...15).contains(text.count) else { return nil }
        var address: UInt32 = 0
        var number: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                address = address << 8 | number
                dots += 1
                number = 0
                digits = 0
            } else {
                // A leading zero means octal to some programs: refused.
                guard (48...57).contains(byte), digits == 0 || number > 0 else { return nil }
                number = number * 10 + UInt32(byte - 48)
                digits += 1
                guard number <= 255 else { return nil }
            }
        }
        return dots == 3 && digits > 0 ? address << 8 | number : nil
    }

    private static func ipv6(_ text: UnsafeRawBufferPointer) -> (UInt64, UInt64)? {
        guard (2...45).contains(text.count) else { return nil }
        var value: UInt128 = 0
        /// Groups of 16 bits so far, and how many of them stood before `::`.
        var count = 0
        var gap: Int?
        var index = 0
        if text[0] == UInt8(ascii: ":") {
            guard text[1] == UInt8(ascii: ":") else { return nil }
            gap = 0
            index = 2
        }
        while index < text.count {
            let start = index
            var group: UInt128 = 0
            while index < text.count, let digit = hexadecimal(text[index]) {
                guard index - start < 4 else { return nil }
                group = group << 4 | UInt128(digit)
                index += 1
            }
            guard index > start, count < 8 else { return nil }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard count <= 6, let last = ipv4(text.part(start..<text.count)) else { return nil }
                value = value << 32 | UInt128(last)
                count += 2
                break
            }
            value = value << 16 | group
            count += 1
            if index == text.count { break }
            guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
            index += 1
            if text[index] == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = count
                index += 1
            }
        }
        if let gap {
            guard count <= 7 else { return nil }
            let behind = UInt128((count - gap) * 16)
            let last = value & ((1 << behind) - 1)
            value = gap == 0 ? last : (value >> behind) << UInt128((8 - gap) * 16) | last
        } else if count != 8 {
            return nil
        }
        return (UInt64(truncatingIfNeeded: value >> 64), UInt64(truncatingIfNeeded: value))
    }

    @inline(__always)
    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 97...102: byte - 87
        case 65...70: byte - 55
        default: nil
        }
    }
}
