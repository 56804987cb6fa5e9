import JSONCoding

/// Times in tokens: seconds since 1970, with or without a fraction (RFC 7519, section 2).
enum NumericDate {
    /// The time in milliseconds, at least 0 and at most what 64 bits hold; nil for what is no number, or beyond the range
    /// of a double.
    static func milliseconds(_ value: JSONValue) -> UInt64? {
        guard case .number(let number) = value else { return nil }
        if let seconds = number.int64 {
            let (product, overflows) = UInt64(max(0, seconds)).multipliedReportingOverflow(by: 1000)
            return overflows ? .max : product
        }
        guard let seconds = number.double else { return nil }
        // 2^63 milliseconds are 292 million years.
        return UInt64(min(max(0, seconds * 1000), 0x1p63))
    }

    /// The sum, at most what 64 bits hold.
    static func later(_ time: UInt64, by milliseconds: UInt64) -> UInt64 {
        let (sum, overflows) = time.addingReportingOverflow(milliseconds)
        return overflows ? .max : sum
    }

    /// A duration in milliseconds, at least 0.
    static func milliseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0 else { return 0 }
        let (product, overflows) = UInt64(seconds).multipliedReportingOverflow(by: 1000)
        return overflows ? .max : later(product, by: UInt64(max(0, attoseconds)) / 1_000_000_000_000_000)
    }
}
