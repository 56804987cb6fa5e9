extension JSONWriter {
    /// Writes a whole number of any width.
    @inlinable
    public mutating func integer<Integer: FixedWidthInteger>(_ value: Integer) {
        if let small = Int64(exactly: value) {
            signed(small)
        } else if let large = UInt64(exactly: value) {
            unsigned(large)
        } else {
            number(text: String(value))
        }
    }

    /// Writes a floating-point number by its shortest text that reads back to the same value.
    ///
    /// A value without a fraction is written without one (`3`). NaN and the infinities have no JSON form (RFC 8259,
    /// section 6) and are written as `null`; `JSONEncoding` refuses them instead.
    public mutating func double(_ value: Double) {
        if value.magnitude < 9_007_199_254_740_992, let whole = Int64(exactly: value),
            whole != 0 || value.sign == .plus
        {
            signed(whole)
        } else if value.isFinite {
            number(text: Self.shortest(value.description))
        } else {
            null()
        }
    }

    /// Writes a floating-point number as `double(_: Double)` does.
    public mutating func double(_ value: Float) {
        if value.isFinite { number(text: Self.shortest(value.description)) } else { null() }
    }

    /// Writes a number that was read or made before, exactly as its text is.
    public mutating func number(_ value: JSONNumber) {
        switch value.storage {
        case .integer(let whole): signed(whole)
        case .text(let text): number(text: text)
        }
    }

    /// Swift's text of a number without a needless `.0`.
    private static func shortest(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Writes text that is a JSON number already.
    @usableFromInline
    mutating func number(text: String) {
        var text = text
        text.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
    }

    @usableFromInline
    mutating func signed(_ value: Int64) {
        digits(value.magnitude, isNegative: value < 0)
    }

    @usableFromInline
    mutating func unsigned(_ value: UInt64) {
        digits(value, isNegative: false)
    }

    /// Writes the comma that is due, a sign and at most 20 digits.
    private mutating func digits(_ magnitude: UInt64, isNegative: Bool) {
        let comma = needsComma
        append(upTo: 22) { out in
            var end = 0
            if comma {
                out[0] = UInt8(ascii: ",")
                end = 1
            }
            if isNegative {
                out[end] = UInt8(ascii: "-")
                end += 1
            }
            var length = 1
            var bound = magnitude
            while bound >= 10 {
                bound /= 10
                length += 1
            }
            end += length
            var position = end
            var rest = magnitude
            repeat {
                position -= 1
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                out[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
                rest = quotient
            } while rest != 0
            return end
        }
        needsComma = true
    }
}
