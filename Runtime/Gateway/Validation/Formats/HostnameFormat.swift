/// Host names by RFC 1123, section 2.1; a label that begins with `xn--` must be the code of one that IDNA2008 allows
/// (RFC 5890).
enum HostnameFormat {
    static func holds(_ text: UnsafeRawBufferPointer) -> Bool {
        guard (1...253).contains(text.count) else { return false }
        var start = 0
        while true {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: ".") { end += 1 }
            guard isLabel(text.part(start..<end)) else { return false }
            if end == text.count { return true }
            start = end + 1
        }
    }

    private static func isLabel(_ label: UnsafeRawBufferPointer) -> Bool {
        guard (1...63).contains(label.count), label[0] != UInt8(ascii: "-"),
            label[label.count - 1] != UInt8(ascii: "-"),
            label.allSatisfy({ $0.isLetter || $0.isDecimalDigit || $0 == UInt8(ascii: "-") })
        else { return false }
        guard label.count >= 4, label.part(0..<4).isTextIgnoringCase("xn--") else { return true }
        guard let scalars = Punycode.decode(label.part(4..<label.count)) else { return false }
        return InternationalLabel.isAllowed(scalars)
    }
}
