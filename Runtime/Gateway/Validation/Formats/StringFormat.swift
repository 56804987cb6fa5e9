/// The values of `format` that are asserted; any other is an annotation.
enum StringFormat: String, Sendable, CaseIterable {
    case dateTime = "date-time"
    case date
    case time
    case email
    case uuid
    case uri
    case ipv4
    case ipv6
    case hostname

    /// Whether a text of valid UTF-8 has the format.
    func holds(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let text = UnsafeRawBufferPointer(text)
        switch self {
        case .dateTime: return TimestampFormat.isDateTime(text)
        case .date: return TimestampFormat.isDate(text)
        case .time: return TimestampFormat.isTime(text)
        case .email: return EmailFormat.holds(text)
        case .uuid: return StringFormat.isUUID(text)
        case .uri: return URIFormat.holds(text)
        case .ipv4: return AddressFormat.isIPv4(text)
        case .ipv6: return AddressFormat.isIPv6(text)
        case .hostname: return HostnameFormat.holds(text)
        }
    }

    /// What a text of the format is, to follow "must be".
    var noun: String {
        switch self {
        case .dateTime: "a date and time such as 2026-11-21T02:55:00Z"
        case .date: "a date such as 2026-11-21"
        case .time: "a time such as 02:55:00Z"
        case .email: "an email address"
        case .uuid: "a UUID"
        case .uri: "an absolute URI"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .hostname: "a host name"
        }
    }

    /// RFC 9562, section 4: any version and variant.
    private static func isUUID(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count == 36 else { return false }
        for index in 0..<36 {
            switch index {
            case 8, 13, 18, 23: if text[index] != UInt8(ascii: "-") { return false }
            default: if !text[index].isHexDigit { return false }
            }
        }
        return true
    }
}

extension UInt8 {
    /// `0` to `9`.
    @inline(__always)
    var isDecimalDigit: Bool { self &- 0x30 <= 9 }

    /// `0` to `9`, `a` to `f` in either case.
    @inline(__always)
    var isHexDigit: Bool { isDecimalDigit || (self | 0x20) &- 0x61 <= 5 }

    /// An ASCII letter.
    @inline(__always)
    var isLetter: Bool { (self | 0x20) &- 0x61 <= 25 }
}
