/// Eight bytes of text looked at as one number, lowest byte first.
///
/// In each result the lowest marked byte (its top bit is set) is exact; marks above it may be false, because a
/// subtraction borrows from the byte above. Callers use only the lowest, by `trailingZeroBitCount`.
enum ByteWord {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// Marks quotes, backslashes and control characters.
    @inline(__always)
    static func escapeMarks(_ word: UInt64) -> UInt64 {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let isQuote = (quote &- ones) & ~quote
        let isBackslash = (backslash &- ones) & ~backslash
        let isControl = (word &- ones &* 0x20) & ~word
        return (isQuote | isBackslash | isControl) & tops
    }

    /// Marks what `escapeMarks` does and every byte that is not ASCII.
    @inline(__always)
    static func stringMarks(_ word: UInt64) -> UInt64 {
        escapeMarks(word) | (word & tops)
    }
}
