/// Reading numbers from their JSON text (RFC 8259, section 6).
enum NumberText {
    /// How long the number at the text's start is, and whether it has neither fraction nor exponent; nil if the
    /// text does not begin with a number.
    static func shape(of text: UnsafeBufferPointer<UInt8>) -> (length: Int, isWhole: Bool)? {
        var position = 0
        var isWhole = true
        func skipDigits() -> Bool {
            let first = position
            while position < text.count, text[position] >= 0x30, text[position] <= 0x39 { position += 1 }
            return position > first
        }
        if text.first == UInt8(ascii: "-") { position = 1 }
        if position < text.count, text[position] == UInt8(ascii: "0") {
            position += 1
        } else if !skipDigits() {
            return nil
        }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            isWhole = false
            if !skipDigits() { return nil }
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            isWhole = false
            if position < text.count,
                text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-")
            {
                position += 1
            }
            if !skipDigits() { return nil }
        }
        return (position, isWhole)
    }

    /// A whole number written without fraction and exponent; nil if it is too large for the type.
    @inline(__always)
    static func integer<Integer: FixedWidthInteger>(
        _ text: UnsafeBufferPointer<UInt8>, as type: Integer.Type
    ) -> Integer? {
        let isNegative = text.first == UInt8(ascii: "-")
        let first = isNegative ? 1 : 0
        if text.count - first <= 18 {
            var value: Int64 = 0
            for position in first..<text.count { value = value &* 10 &+ Int64(text[position] &- 0x30) }
            return Integer(exactly: isNegative ? 0 &- value : value)
        }
        return ExactDecimal(text).exactly(type)
    }

    /// The nearest `Double`, infinite if the number is out of range.
    static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double {
        // A mantissa below 2^53 and a power of ten up to 10^22 are exact, so one division or multiplication
        // rounds once and correctly (Clinger, "How to read floating point numbers accurately", 1990).
        if let (mantissa, power) = short(text), mantissa < 1 << 53, power >= -22, power <= 22 {
            let magnitude = power < 0 ? Double(mantissa) / tens[-power] : Double(mantissa) * tens[power]
            return text.first == UInt8(ascii: "-") ? -magnitude : magnitude
        }
        return Double(String(decoding: text, as: UTF8.self)) ?? .infinity
    }

    /// The nearest `Float`, infinite if the number is out of range.
    static func float(_ text: UnsafeBufferPointer<UInt8>) -> Float {
        if let (mantissa, power) = short(text), mantissa < 1 << 24, power >= -10, power <= 10 {
            let ten = Float(tens[power.magnitude == 0 ? 0 : Int(power.magnitude)])
            let magnitude = power < 0 ? Float(mantissa) / ten : Float(mantissa) * ten
            return text.first == UInt8(ascii: "-") ? -magnitude : magnitude
        }
        return Float(String(decoding: text, as: UTF8.self)) ?? .infinity
    }

    /// The digits as one number and the power of ten to multiply it by, for numbers of at most 18 digits.
    private static func short(_ text: UnsafeBufferPointer<UInt8>) -> (mantissa: UInt64, power: Int)? {
        var mantissa: UInt64 = 0
        var power = 0
        var digits = 0
        var isFraction = false
        var position = text.first == UInt8(ascii: "-") ? 1 : 0
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == UInt8(ascii: ".") {
                isFraction = true
                continue
            }
            if byte | 0x20 == UInt8(ascii: "e") { break }
            digits += 1
            if digits > 18 { return nil }
            mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
            if isFraction { power -= 1 }
        }
        guard position < text.count else { return (mantissa, power) }
        let sign = text[position]
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
        var exponent = 0
        while position < text.count {
            exponent = exponent * 10 + Int(text[position] &- 0x30)
            if exponent > 400 { return nil }
            position += 1
        }
        return (mantissa, power + (sign == UInt8(ascii: "-") ? -exponent : exponent))
    }

    private static let tens: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
