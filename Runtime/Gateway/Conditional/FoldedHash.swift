/// Hashes by multiplying 64-bit words and folding the 128-bit product.
///
/// No cryptographic hash: it tells different bytes apart that nobody chose in order to deceive it. Words are read in
/// little endian, so that every machine comes to the same figures.
enum FoldedHash {
    // Digits of pi, each with a byte set to 0xFF or 0xFE: no eight bytes of valid UTF-8 are equal to one, and so no text
    // can make a factor zero, which would hide the other factor.
    private static let k0: UInt64 = 0x243F_6AFF_85A3_08D3
    private static let k1: UInt64 = 0x1319_8A2E_FF70_7345
    private static let k2: UInt64 = 0xA409_3822_FE9F_31D1
    private static let k3: UInt64 = 0x082E_FFA9_8EC4_E6C9
    private static let k4: UInt64 = 0x4528_21E6_38FF_1377
    private static let k5: UInt64 = 0xBE54_66CF_34FE_0C6D

    /// 128 bits in two words, by lanes of which two see every word, each in another place of another product; of more than
    /// a kilobyte one sees it.
    static func hash128(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        // Four pairs of lanes, so that the multiplications of one need not wait for the others'.
        var (a0, b0, a1, b1) = (k0, k1, k2, k3)
        var (a2, b2, a3, b3) = (~k0, ~k1, ~k2, ~k3)
        var offset = 0
        let count = bytes.count
        if let start = bytes.baseAddress {
            // Of long bytes each word is seen by one lane alone, which is half the work: 64 bits tell them apart.
            while count &- offset >= 1024 {
                let end = offset &+ 128
                let at = start + offset
                a0 = fold(word(at, 0) ^ k4, word(at, 8) ^ a0) &+ word(at, 0)
                b0 = fold(word(at, 16) ^ k5, word(at, 24) ^ b0) &+ word(at, 16)
                a1 = fold(word(at, 32) ^ k4, word(at, 40) ^ a1) &+ word(at, 32)
                b1 = fold(word(at, 48) ^ k5, word(at, 56) ^ b1) &+ word(at, 48)
                a2 = fold(word(at, 64) ^ k4, word(at, 72) ^ a2) &+ word(at, 64)
                b2 = fold(word(at, 80) ^ k5, word(at, 88) ^ b2) &+ word(at, 80)
                a3 = fold(word(at, 96) ^ k4, word(at, 104) ^ a3) &+ word(at, 96)
                b3 = fold(word(at, 112) ^ k5, word(at, 120) ^ b3) &+ word(at, 112)
                offset = end
            }
            while count &- offset >= 64 {
                let at = start + offset
                let (w0, w1, w2, w3) = (word(at, 0), word(at, 8), word(at, 16), word(at, 24))
                let (w4, w5, w6, w7) = (word(at, 32), word(at, 40), word(at, 48), word(at, 56))
                a0 = fold(w0 ^ k4, w1 ^ a0)
                b0 = fold(w1 ^ k5, w0 &+ b0)
                a1 = fold(w2 ^ k4, w3 ^ a1)
                b1 = fold(w3 ^ k5, w2 &+ b1)
                a2 = fold(w4 ^ k4, w5 ^ a2)
                b2 = fold(w5 ^ k5, w4 &+ b2)
                a3 = fold(w6 ^ k4, w7 ^ a3)
                b3 = fold(w7 ^ k5, w6 &+ b3)
                offset &+= 64
            }
            // A body that was long enough for them has all lanes in its hash; their order counts.
            if offset > 0 {
                a0 = fold(a0 ^ k1, a1 ^ k3)
                b0 = fold(b0 ^ k2, b1 ^ k4)
                a1 = fold(a2 ^ k0, a3 ^ k5)
                b1 = fold(b2 ^ k3, b3 ^ k1)
            }
        }
        while offset < count {
            let (w0, w1) = pair(bytes, offset)
            a0 = fold(w0 ^ k4, w1 ^ a0)
            b0 = fold(w1 ^ k5, w0 &+ b0)
            offset &+= 16
        }
        // Zeros that filled up the last words are told from zeros that were there by the length.
        let length = UInt64(truncatingIfNeeded: count)
        let a = fold(a0 ^ k2 ^ length, a1 ^ k0)
        let b = fold(b0 ^ k3, b1 ^ k1 ^ length)
        return (fold(b ^ k1, a ^ k4), fold(a ^ k0, b ^ k5))
    }

    /// 64 bits that only who knows the key can foretell: for tables whose keys clients choose.
    static func hash64(_ bytes: UnsafeRawBufferPointer, key: HashKey) -> UInt64 {
        var state = key.first ^ k1
        var offset = 0
        while offset < bytes.count {
            let (w0, w1) = pair(bytes, offset)
            state = fold(w0 ^ key.second, w1 ^ state)
            offset &+= 16
        }
        return fold(state ^ k2, key.first ^ UInt64(truncatingIfNeeded: bytes.count))
    }

    /// The 16 bytes at an offset, filled up with zeros.
    @inline(__always)
    private static func pair(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> (UInt64, UInt64) {
        let rest = bytes.count &- offset
        if rest >= 16 { return (word(bytes, offset), word(bytes, offset &+ 8)) }
        if rest >= 8 { return (word(bytes, offset), partial(bytes, offset &+ 8, rest &- 8)) }
        return (partial(bytes, offset, rest), 0)
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    private static func word(_ start: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Fewer than eight bytes.
    @inline(__always)
    private static func partial(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[offset &+ index]) << UInt64(index &* 8) }
        return value
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }
}

/// What makes a hash another one in every process, so that nobody can choose keys that fall into one place.
struct HashKey: Sendable {
    let first: UInt64
    let second: UInt64

    /// A key of these words.
    init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }

    /// A key drawn from the system.
    init() {
        var system = SystemRandomNumberGenerator()
        self.init(system.next(), system.next())
    }
}
