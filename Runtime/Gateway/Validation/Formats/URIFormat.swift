/// URIs with a scheme, by RFC 3986, appendix A.
enum URIFormat {
    static func holds(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0, text[0].isLetter else { return false }
        for byte in text.part(0..<colon) {
            guard
                byte.isLetter || byte.isDecimalDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            else { return false }
        }
        var rest = text.part((colon + 1)..<text.count)
        if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
            guard isMade(of: rest.part((hash + 1)..<rest.count), beside: "/?:@") else { return false }
            rest = rest.part(0..<hash)
        }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            guard isMade(of: rest.part((mark + 1)..<rest.count), beside: "/?:@") else { return false }
            rest = rest.part(0..<mark)
        }
        guard rest.count >= 2, rest[0] == UInt8(ascii: "/"), rest[1] == UInt8(ascii: "/") else {
            return isMade(of: rest, beside: "/:@")
        }
        var end = 2
        while end < rest.count, rest[end] != UInt8(ascii: "/") { end += 1 }
        return isAuthority(rest.part(2..<end)) && isMade(of: rest.part(end..<rest.count), beside: "/:@")
    }

    private static func isAuthority(_ text: UnsafeRawBufferPointer) -> Bool {
        var host = text
        if let at = text.firstIndex(of: UInt8(ascii: "@")) {
            guard isMade(of: text.part(0..<at), beside: ":") else { return false }
            host = text.part((at + 1)..<text.count)
        }
        var end = host.count
        while end > 0, host[end - 1].isDecimalDigit { end -= 1 }
        if end > 0, host[end - 1] == UInt8(ascii: ":") { host = host.part(0..<(end - 1)) }
        guard host.first == UInt8(ascii: "[") else { return isMade(of: host, beside: "") }
        guard host.count > 2, host[host.count - 1] == UInt8(ascii: "]") else { return false }
        let address = host.part(1..<(host.count - 1))
        return address[0] | 0x20 == UInt8(ascii: "v") ? isFutureAddress(address) : AddressFormat.isIPv6(address)
    }

    /// `v1.anything` (section 3.2.2).
    private static func isFutureAddress(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let dot = text.firstIndex(of: UInt8(ascii: ".")), dot > 1, dot + 1 < text.count else { return false }
        return text.part(1..<dot).allSatisfy(\.isHexDigit)
            && text.part((dot + 1)..<text.count).allSatisfy { $0 != UInt8(ascii: "%") }
            && isMade(of: text.part((dot + 1)..<text.count), beside: ":")
    }

    /// Whether a part has only unreserved characters, sub-delimiters, percent-encoded bytes and `others`.
    private static func isMade(of text: UnsafeRawBufferPointer, beside others: StaticString) -> Bool {
        let others = UnsafeBufferPointer(start: others.utf8Start, count: others.utf8CodeUnitCount)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < text.count, text[index + 1].isHexDigit, text[index + 2].isHexDigit else {
                    return false
                }
                index += 3
                continue
            }
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
                UInt8(ascii: "$"), UInt8(ascii: "&")...UInt8(ascii: ","), UInt8(ascii: ";"),
                UInt8(ascii: "="):
                break
            default: guard byte.isLetter || byte.isDecimalDigit || others.contains(byte) else { return false }
            }
            index += 1
        }
        return true
    }
}
