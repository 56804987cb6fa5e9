/// The hash by which objects find their keys. It is seeded once a process, so that nobody can send keys that are
/// known to collide.
struct KeyHash {
    /// The seed of this process.
    static let shared = KeyHash(seed: UInt64.random(in: .min ... .max))

    private let seed: UInt64

    private init(seed: UInt64) { self.seed = seed }

    @inline(__always)
    func callAsFunction(_ key: UnsafeBufferPointer<UInt8>) -> UInt32 {
        guard let base = key.baseAddress else { return 0 }
        return self(base, count: key.count)
    }

    /// Eight bytes at a time are mixed by a multiplication to 128 bits whose halves are folded (as wyhash does).
    @inline(__always)
    func callAsFunction(_ base: UnsafePointer<UInt8>, count: Int) -> UInt32 {
        var state = seed ^ UInt64(truncatingIfNeeded: count)
        let raw = UnsafeRawPointer(base)
        if count >= 8 {
            var position = 0
            while position + 8 < count {
                state = Self.fold(state ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                position += 8
            }
            // The last word may overlap the one before it; the length, mixed in above, keeps that unambiguous.
            state = Self.fold(state ^ raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
        } else if count >= 4 {
            let low = UInt64(raw.loadUnaligned(as: UInt32.self))
            let high = UInt64(raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            state = Self.fold(state ^ (low | high << 32))
        } else if count > 0 {
            let word = UInt64(base[0]) | UInt64(base[count >> 1]) << 8 | UInt64(base[count - 1]) << 16
            state = Self.fold(state ^ word)
        }
        return UInt32(truncatingIfNeeded: state ^ state >> 32)
    }

    @inline(__always)
    private static func fold(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
