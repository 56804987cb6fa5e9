/// The exact value of a JSON number's text: sign, digits without zeros at either end, and the power of ten of the
/// last digit. Zero has no digits.
///
/// Exponents beyond ±2^40 are taken as that; numbers so far out are compared by their digits alone.
struct ExactDecimal: Hashable {
    private(set) var isNegative = false
    private(set) var digits: [UInt8] = []
    private(set) var scale = 0

    /// Reads text that fits RFC 8259's grammar for numbers.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        var position = 0
        var isFraction = false
        if text.first == UInt8(ascii: "-") {
            isNegative = true
            position = 1
        }
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if byte | 0x20 == UInt8(ascii: "e") {
                scale += Self.exponent(text, from: position)
                break
            } else {
                if isFraction { scale -= 1 }
                // Zeros in front carry no value.
                if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte &- 0x30) }
            }
        }
        while digits.last == 0 {
            digits.removeLast()
            scale += 1
        }
        if digits.isEmpty {
            isNegative = false
            scale = 0
        }
    }

    private static func exponent(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let limit = 1 << 40
        var value = 0
        for byte in text[start...] where byte >= 0x30 {
            value = min(value * 10 + Int(byte &- 0x30), limit)
        }
        return start < text.count && text[start] == UInt8(ascii: "-") ? -value : value
    }

    /// Whether the value has no fraction.
    var isWhole: Bool { scale >= 0 }

    /// The value as a whole number of the type given, if it is one that the type can hold.
    func exactly<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        // 39 digits are what UInt128, the widest type, can need.
        guard isWhole, digits.count + scale <= 39 else { return nil }
        var value: Integer = 0
        for position in 0..<(digits.count + scale) {
            let (shifted, overflows) = value.multipliedReportingOverflow(by: 10)
            let digit = Integer(position < digits.count ? digits[position] : 0)
            let (next, overflowsToo) =
                isNegative
                ? shifted.subtractingReportingOverflow(digit) : shifted.addingReportingOverflow(digit)
            if overflows || overflowsToo { return nil }
            value = next
        }
        return value
    }

    /// Whether the magnitude is smaller than the other's; signs are not looked at.
    private func isNearerZero(than other: ExactDecimal) -> Bool {
        if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
        let (order, otherOrder) = (digits.count + scale, other.digits.count + other.scale)
        if order != otherOrder { return order < otherOrder }
        return digits.lexicographicallyPrecedes(other.digits)
    }

    /// Whether the value is smaller than the other's.
    func isLess(than other: ExactDecimal) -> Bool {
        if isNegative != other.isNegative { return isNegative }
        return isNegative ? other.isNearerZero(than: self) : isNearerZero(than: other)
    }

    /// Whether this value divided by the other's is whole; nil if the divisor is zero or has over 18 digits, or
    /// the two lie so far apart that the answer is not worth its time.
    func isMultiple(of divisor: ExactDecimal) -> Bool? {
        guard !divisor.digits.isEmpty, divisor.digits.count <= 18 else { return nil }
        if digits.isEmpty { return true }
        let divided = divisor.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
        let shift = scale - divisor.scale
        if shift < 0 {
            // A whole quotient would make `digits` a multiple of a power of ten, and they do not end in 0.
            return false
        }
        guard shift <= 4096 else { return nil }
        var remainder: UInt64 = 0
        for position in 0..<(digits.count + shift) {
            let digit = position < digits.count ? UInt64(digits[position]) : 0
            // 18 digits times ten fit in 64 bits.
            remainder = (remainder * 10 + digit) % divided
        }
        return remainder == 0
    }
}
