/// Whole numbers as decimal digits.
enum DecimalText {
    /// Adds a number's digits, with a minus sign where it needs one.
    static func append(_ value: some BinaryInteger, to bytes: inout [UInt8]) {
        var rest = UInt64(value.magnitude)
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    /// Reads a whole number; nil if there is anything but a sign and digits, or it does not fit.
    static func parse<Number: FixedWidthInteger>(_ text: UnsafeBufferPointer<UInt8>, as: Number.Type)
        -> Number?
    {
        var index = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard index < text.count else { return nil }
        var value: Number = 0
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            guard !overflowed, let part = Number(exactly: digit) else { return nil }
            let (sum, exceeded) =
                isNegative
                ? product.subtractingReportingOverflow(part) : product.addingReportingOverflow(part)
            guard !exceeded else { return nil }
            value = sum
            index += 1
        }
        return value
    }
}
