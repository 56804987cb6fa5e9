/// SipHash-2-4 by Aumasson and Bernstein, taken up word by word: a hash whose collisions nobody finds who does not know
/// the key, so that a client cannot aim at another's bucket.
///
/// A copy of a hash that has taken up a prefix goes on from there, so a rule's name is hashed once, at load.
struct KeyedHash: Sendable {
    /// The secret: 128 bits.
    struct Key: Sendable {
        let low: UInt64
        let high: UInt64

        /// A key of these bits.
        init(low: UInt64, high: UInt64) {
            self.low = low
            self.high = high
        }

        /// A key drawn from the system.
        static func random() -> Key {
            var system = SystemRandomNumberGenerator()
            return Key(low: system.next(), high: system.next())
        }
    }

    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var words: UInt64 = 0

    init(_ key: Key) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    /// Takes up eight bytes, the first the least.
    @inline(__always)
    mutating func add(_ word: UInt64) {
        words &+= 1
        absorb(word)
    }

    /// Takes up bytes with their length before them, so that no two sequences of texts are the same message.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        add(UInt64(bytes.count))
        var index = 0
        while index + 8 <= bytes.count {
            add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            index += 8
        }
        guard index < bytes.count else { return }
        var last: UInt64 = 0
        for offset in index..<bytes.count { last |= UInt64(bytes[offset]) << UInt64((offset - index) * 8) }
        add(last)
    }

    /// Takes up a text's UTF-8.
    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// The hash of all that was taken up.
    @inline(__always)
    consuming func value() -> UInt64 {
        absorb(words << 59)  // the length in bytes, modulo 256, in the topmost byte
        v2 ^= 0xFF
        round()
        round()
        round()
        round()
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func absorb(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }
}
