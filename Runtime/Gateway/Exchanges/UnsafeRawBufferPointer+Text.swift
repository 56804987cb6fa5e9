extension UnsafeRawBufferPointer {
    /// Whether the bytes are those of a constant.
    @inline(__always)
    func isText(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && isEqual(to: text.utf8Start)
    }

    /// Whether the bytes are those of an array.
    @inline(__always)
    func isBytes(_ bytes: [UInt8]) -> Bool {
        count == bytes.count
            && bytes.withUnsafeBytes { other in
                guard let start = other.baseAddress else { return true }
                return isEqual(to: start)
            }
    }

    /// Whether the bytes are those of a constant in lower case, their own case aside.
    func isTextIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index].lowered != text.utf8Start[index] { return false }
        return true
    }

    /// Whether the bytes are those at an address, one by one.
    @inline(__always)
    func isEqual(to other: UnsafeRawPointer) -> Bool {
        for index in 0..<count where self[index] != other.load(fromByteOffset: index, as: UInt8.self) {
            return false
        }
        return true
    }

    /// The bytes of this range, counted from the start.
    @inline(__always)
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[range])
    }
}

extension UInt8 {
    /// The letter in lower case where it is an ASCII capital.
    @inline(__always)
    var lowered: UInt8 { (65...90).contains(self) ? self | 0x20 : self }
}
