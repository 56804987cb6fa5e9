/// A set of ASCII bytes in two words, so that a membership test is a shift and needs no table in memory.
struct ByteSet {
    private let low: UInt64
    private let high: UInt64

    private init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte & 0x40 == 0 ? low : high
        return byte < 0x80 && (word >> UInt64(byte & 0x3F)) & 1 != 0
    }

    func containsAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes where !contains(byte) { return false }
        return true
    }

    /// What a method or field name is made of (RFC 9110, section 5.6.2): letters, digits, ``!#$%&'*+-.^_`|~``.
    static var token: ByteSet { ByteSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }

    /// What stands for itself in a path: visible ASCII except `%`, `.`, `/`, `?`, `#`, `\`.
    static var plainPath: ByteSet { ByteSet(low: 0x7FFF_3FD6_0000_0000, high: 0x7FFF_FFFF_EFFF_FFFF) }

    /// What may stand in a query: visible ASCII except `#`.
    static var query: ByteSet { ByteSet(low: 0xFFFF_FFF6_0000_0000, high: 0x7FFF_FFFF_FFFF_FFFF) }

    /// What a host name is made of here: letters, digits, `-._~`; narrower than RFC 3986 on purpose, so that no
    /// list, escape or user info gets through.
    static var hostName: ByteSet { ByteSet(low: 0x03FF_6000_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }

    /// What stands between the brackets of an IPv6 address: hexadecimal digits, `:`, `.`.
    static var ipv6: ByteSet { ByteSet(low: 0x07FF_4000_0000_0000, high: 0x0000_007E_0000_007E) }
}
