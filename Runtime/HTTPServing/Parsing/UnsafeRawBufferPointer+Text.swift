import Glibc

extension UnsafeRawBufferPointer {
    /// Whether the bytes are `text`, byte for byte.
    @inline(__always)
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, let base = baseAddress else {
            return count == text.utf8CodeUnitCount
        }
        return memcmp(base, text.utf8Start, count) == 0
    }

    /// Whether the bytes begin with `text`.
    @inline(__always)
    func starts(with text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount, let base = baseAddress else { return false }
        return memcmp(base, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// Whether the bytes are `text`, which is given in lower case, in any letter case (ASCII).
    func equalsLowered(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index].lowered != text.utf8Start[index] { return false }
        return true
    }

    /// Whether the bytes are those of `other` in any letter case (ASCII).
    func equalsIgnoringCase(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index].lowered != other[index].lowered { return false }
        return true
    }

    /// The bytes of a range as a buffer of their own.
    @inline(__always)
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

    /// The bytes without the spaces and tabs around them.
    @inline(__always)
    var trimmed: UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return part(start..<end)
    }

    /// Where the next line feed at or after `start` is; nil when there is none.
    @inline(__always)
    func lineFeed(from start: Int) -> Int? {
        guard start < count, let base = baseAddress, let found = memchr(base + start, 0x0A, count - start)
        else {
            return nil
        }
        return UnsafeRawPointer(found) - base
    }

    /// Whether a field value may hold these bytes: no control character but the tab (RFC 9110, section 5.5).
    @inline(__always)
    var isFieldText: Bool {
        var index = 0
        while index + 8 <= count {
            let word = loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word.mayHoldControl {
                for byte in part(index..<(index + 8)) where byte.isControl { return false }
            }
            index += 8
        }
        while index < count {
            if self[index].isControl { return false }
            index += 1
        }
        return true
    }
}

extension UInt8 {
    /// The letter in lower case; every other byte as it is.
    @inline(__always)
    var lowered: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// Whether it is a control character that no field value may hold.
    @inline(__always)
    fileprivate var isControl: Bool { (self < 0x20 && self != 0x09) || self == 0x7F }

    /// The value of a hexadecimal digit; nil for any other byte.
    @inline(__always)
    var hexadecimal: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}

extension UInt64 {
    /// Whether one of the eight bytes may be below 0x20 or be 0x7F; never misses one, seldom says so in vain.
    @inline(__always)
    fileprivate var mayHoldControl: Bool {
        let highBits: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        let below = (self &- ones &* 0x20) & ~self & highBits
        let folded = self ^ (ones &* 0x7F)
        let delete = (folded &- ones) & ~folded & highBits
        return (below | delete) != 0
    }
}
