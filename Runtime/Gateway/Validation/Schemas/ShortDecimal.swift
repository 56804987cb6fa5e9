/// A number of at most 18 digits as JSON writes it: whole digits times a power of ten. What nearly all numbers are; the
/// others are compared by `JSONNumber`, which is exact for all and slower.
struct ShortDecimal: Sendable, Equatable {
    let digits: Int64
    /// The power of ten, from -18 to 18.
    let scale: Int

    init(digits: Int64, scale: Int) {
        self.digits = digits
        self.scale = scale
    }

    /// Nil for a number that is longer or farther out. The text must fit RFC 8259's grammar.
    @inline(__always)
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count <= 24 else { return nil }
        var digits: Int64 = 0
        var scale = 0
        var length = 0
        var isFraction = false
        var index = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { index = 1 }
        while index < text.count {
            let byte = text[index]
            if byte.isDecimalDigit {
                digits = digits &* 10 &+ Int64(byte &- 0x30)
                length += 1
                if isFraction { scale -= 1 }
            } else if byte == UInt8(ascii: ".") {
                isFraction = true
            } else {
                break
            }
            index += 1
        }
        guard length <= 18 else { return nil }
        if index < text.count {
            guard let exponent = ShortDecimal.exponent(text, from: index + 1) else { return nil }
            scale += exponent
        }
        guard scale >= -18, scale <= 18 else { return nil }
        self.digits = isNegative ? -digits : digits
        self.scale = scale
    }

    private static func exponent(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        guard index < text.count else { return nil }
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        var value = 0
        while index < text.count {
            value = value * 10 + Int(text[index] &- 0x30)
            guard value <= 100 else { return nil }
            index += 1
        }
        return isNegative ? -value : value
    }

    /// Whether the number has no fraction, however it is written.
    var isWhole: Bool {
        scale >= 0 || Int128(digits) % ShortDecimal.power(-scale) == 0
    }

    /// Both numbers as whole multiples of the smaller power of ten; nil where they lie too far apart for 128 bits.
    @inline(__always)
    private static func aligned(_ one: ShortDecimal, _ other: ShortDecimal) -> (Int128, Int128)? {
        let distance = one.scale - other.scale
        if distance == 0 { return (Int128(one.digits), Int128(other.digits)) }
        guard distance >= -18, distance <= 18 else { return nil }
        return distance > 0
            ? (Int128(one.digits) * power(distance), Int128(other.digits))
            : (Int128(one.digits), Int128(other.digits) * power(-distance))
    }

    private static func power(_ exponent: Int) -> Int128 {
        var value: Int128 = 1
        for _ in 0..<exponent { value *= 10 }
        return value
    }

    /// Negative, zero or positive as this number is below, at or above another; nil where that is not found out here.
    @inline(__always)
    func order(_ other: ShortDecimal) -> Int? {
        guard let (one, other) = ShortDecimal.aligned(self, other) else { return nil }
        return one < other ? -1 : one == other ? 0 : 1
    }

    /// Whether the number divided by another, which is not zero, is whole; nil where that is not found out here.
    @inline(__always)
    func isMultiple(of other: ShortDecimal) -> Bool? {
        guard other.digits != 0, let (one, other) = ShortDecimal.aligned(self, other) else { return nil }
        return one % other == 0
    }
}
