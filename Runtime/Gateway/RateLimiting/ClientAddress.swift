/// The address that a request is counted under, and that the log names.
///
/// An IPv4 address that is mapped into IPv6 (RFC 4291, section 2.5.5.2) is the IPv4 address: one client has one bucket
/// by whichever socket it comes.
struct ClientAddress: Sendable, Hashable {
    /// What kind of address it is.
    enum Kind: UInt64, Sendable {
        case ipv4 = 1
        case ipv6
        /// The peer of a Unix socket; all of them are one client.
        case unix
        /// A peer without an address that can be read; all of them are one client too.
        case unknown
    }

    let kind: Kind
    /// The first eight bytes of an IPv6 address, as a number; otherwise 0.
    let high: UInt64
    /// The last eight bytes of an IPv6 address, or the four of an IPv4 address, as a number.
    let low: UInt64

    /// The peer of a Unix socket.
    static let unix = ClientAddress(kind: .unix, high: 0, low: 0)

    private init(kind: Kind, high: UInt64, low: UInt64) {
        self.kind = kind
        self.high = high
        self.low = low
    }

    /// An IPv4 address.
    init(ipv4: UInt32) { self.init(kind: .ipv4, high: 0, low: UInt64(ipv4)) }

    /// An IPv6 address, or the IPv4 address that is mapped into it.
    init(high: UInt64, low: UInt64) {
        if high == 0, low >> 32 == 0xFFFF {
            self.init(ipv4: UInt32(truncatingIfNeeded: low))
        } else {
            self.init(kind: .ipv6, high: high, low: low)
        }
    }

    /// `IncomingRequest.peer`: an address without a port, with or without a zone, or `unix`.
    init(peer: String) {
        var peer = peer
        self = peer.withUTF8 { text in
            let bytes = UnsafeRawBufferPointer(text)
            if let address = ClientAddress(bytes) { return address }
            if bytes.isText("unix") { return .unix }
            if let zone = bytes.firstIndex(of: UInt8(ascii: "%")),
                let address = ClientAddress(bytes.part(0..<zone))
            {
                return address
            }
            return ClientAddress(kind: .unknown, high: 0, low: 0)
        }
    }

    /// What buckets tell clients apart by: an IPv4 address whole, of an IPv6 address the first 64 bits, which is what
    /// a network gives to one subscriber.
    var subject: UInt64 { kind == .ipv6 ? high : low }
}

extension ClientAddress: CustomStringConvertible {
    /// The address as text, IPv6 in the form of RFC 5952; `unix`, or `unknown`.
    var description: String {
        switch kind {
        case .unix: "unix"
        case .unknown: "unknown"
        case .ipv4: "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)"
        case .ipv6: ipv6Text
        }
    }

    private var ipv6Text: String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - $0 % 4 * 16)) }
        // The longest run of zeros, the first of equal ones, and none of a single group (section 4.2).
        var gap = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, gap.count) { gap = start..<end }
            start = end + 1
        }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        return gap.isEmpty ? text(0..<8) : text(0..<gap.lowerBound) + "::" + text(gap.upperBound..<8)
    }
}
