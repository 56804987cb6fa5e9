/// The weight of a preference, `q=0.5` (RFC 9110, section 12.4.2).
enum QualityValue {
    /// `0`, `1`, `0.125`, `1.000`, in thousandths: at most three decimals, at most 1; nil for anything else.
    static func thousandths(_ text: UnsafeRawBufferPointer) -> Int? {
        guard let whole = text.first, whole == 48 || whole == 49, text.count <= 5 else { return nil }
        guard text.count == 1 || text[1] == UInt8(ascii: ".") else { return nil }
        var value = Int(whole - 48) * 1000
        var unit = 100
        for byte in text.dropFirst(2) {
            guard (48...57).contains(byte) else { return nil }
            value += Int(byte - 48) * unit
            unit /= 10
        }
        return value <= 1000 ? value : nil
    }
}
