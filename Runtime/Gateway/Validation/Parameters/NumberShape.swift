/// What a text is as a number, by JSON's grammar (RFC 8259, section 6): no plus sign, no zeros in front.
enum NumberShape {
    /// Whether a number has neither fraction nor exponent; nil for what is no number.
    static func isWhole(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
        var index = text.first == UInt8(ascii: "-") ? 1 : 0
        func skipDigits() -> Bool {
            let first = index
            while index < text.count, text[index].isDecimalDigit { index += 1 }
            return index > first
        }
        let first = index
        guard skipDigits(), index == first + 1 || text[first] != UInt8(ascii: "0") else { return nil }
        if index == text.count { return true }
        if text[index] == UInt8(ascii: ".") {
            index += 1
            if !skipDigits() { return nil }
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            if !skipDigits() { return nil }
        }
        return index == text.count ? false : nil
    }
}
