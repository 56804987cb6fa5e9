/// Email addresses by RFC 5321, section 4.1.2: one mailbox, with a host name or an address in brackets.
enum EmailFormat {
    static func holds(_ text: UnsafeRawBufferPointer) -> Bool {
        // A mailbox has 254 octets at most (RFC 5321, section 4.5.3.1, less the brackets of a path).
        guard text.count <= 254, let at = text.lastIndex(of: UInt8(ascii: "@")), (1...64).contains(at) else {
            return false
        }
        let local = text.part(0..<at)
        let domain = text.part((at + 1)..<text.count)
        return (local[0] == UInt8(ascii: "\"") ? isQuoted(local) : isDotted(local))
            && (domain.first == UInt8(ascii: "[") ? isLiteral(domain) : HostnameFormat.holds(domain))
    }

    private static func isDotted(_ local: UnsafeRawBufferPointer) -> Bool {
        var follows = UInt8(ascii: ".")
        for byte in local {
            if byte == UInt8(ascii: ".") {
                if follows == UInt8(ascii: ".") { return false }
            } else if !isAtomText(byte) {
                return false
            }
            follows = byte
        }
        return follows != UInt8(ascii: ".")
    }

    private static func isAtomText(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "?"),
            UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "{")...UInt8(ascii: "~"):
            true
        default: byte.isLetter || byte.isDecimalDigit
        }
    }

    private static func isQuoted(_ local: UnsafeRawBufferPointer) -> Bool {
        guard local.count >= 3, local[local.count - 1] == UInt8(ascii: "\"") else { return false }
        var index = 1
        while index < local.count - 1 {
            if local[index] == UInt8(ascii: "\\") {
                index += 1
                guard index < local.count - 1 else { return false }
            } else if local[index] == UInt8(ascii: "\"") {
                return false
            }
            guard (0x20...0x7E).contains(local[index]) else { return false }
            index += 1
        }
        return true
    }

    private static func isLiteral(_ domain: UnsafeRawBufferPointer) -> Bool {
        guard domain.count > 2, domain[domain.count - 1] == UInt8(ascii: "]") else { return false }
        let address = domain.part(1..<(domain.count - 1))
        if address.count > 5, address.part(0..<5).isTextIgnoringCase("ipv6:") {
            return AddressFormat.isIPv6(address.part(5..<address.count))
        }
        return AddressFormat.isIPv4(address)
    }
}
