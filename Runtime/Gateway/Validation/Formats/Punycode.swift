/// The code in which labels of host names carry characters beyond ASCII (RFC 3492).
enum Punycode {
    /// The label of a code without its `xn--`, in at most 63 bytes; nil for what is no code.
    static func decode(_ code: UnsafeRawBufferPointer) -> [Unicode.Scalar]? {
        var output: [UInt32] = []
        var index = 0
        if let hyphen = code.lastIndex(of: UInt8(ascii: "-")) {
            output = code.part(0..<hyphen).map { UInt32($0.lowered) }
            index = hyphen + 1
        }
        guard index < code.count else { return nil }
        var value: UInt32 = 0x80
        var place: UInt32 = 0
        var bias: UInt32 = 72
        while index < code.count {
            let before = place
            var weight: UInt32 = 1
            var threshold: UInt32 = 36
            while true {
                guard index < code.count, let digit = digit(code[index]) else { return nil }
                index += 1
                let (product, isFar) = digit.multipliedReportingOverflow(by: weight)
                let (sum, isFarther) = place.addingReportingOverflow(product)
                guard !isFar, !isFarther else { return nil }
                place = sum
                let limit = threshold <= bias ? 1 : min(26, threshold - bias)
                if digit < limit { break }
                let (next, overflows) = weight.multipliedReportingOverflow(by: 36 - limit)
                guard !overflows else { return nil }
                weight = next
                threshold += 36
            }
            let count = UInt32(output.count + 1)
            bias = adapt(place - before, count: count, isFirst: before == 0)
            let (moved, overflows) = value.addingReportingOverflow(place / count)
            guard !overflows, moved <= ScalarSet.last else { return nil }
            value = moved
            place %= count
            output.insert(value, at: Int(place))
            place += 1
        }
        let scalars = output.compactMap(Unicode.Scalar.init)
        return scalars.count == output.count ? scalars : nil
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        if byte.isLetter { return UInt32(byte | 0x20) - 0x61 }
        return byte.isDecimalDigit ? UInt32(byte) - 0x30 + 26 : nil
    }

    private static func adapt(_ delta: UInt32, count: UInt32, isFirst: Bool) -> UInt32 {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var steps: UInt32 = 0
        while delta > 455 {
            delta /= 35
            steps += 36
        }
        return steps + 36 * delta / (delta + 38)
    }
}
