import Manifests
import WireProtocol

/// Which peers' word on the client's address is taken (`server.trustedProxies`), and how it is read
/// (`server.forwardedBy`).
///
/// The list that proxies keep is read from its end: the last entry is the word of the peer, and each further one that
/// of the address before it. So the client is the last entry that is no trusted proxy; what stands before it, anybody
/// may have written. An entry that is no address ends the reading, and the trusted hop that wrote it counts as the
/// client: whatever it hides shares one bucket.
///
/// The peer of a Unix socket is on this machine, as one at a loopback address is: it is trusted where `127.0.0.1` or
/// `::1` is.
struct TrustedProxies: Sendable {
    private struct Range: Sendable {
        let kind: ClientAddress.Kind
        let high: UInt64
        let low: UInt64
        let highMask: UInt64
        let lowMask: UInt64

        func contains(_ address: ClientAddress) -> Bool {
            address.kind == kind && (address.high ^ high) & highMask == 0 && (address.low ^ low) & lowMask == 0
        }
    }

    private let ranges: [Range]
    private let trustsUnixSockets: Bool
    private let header: ForwardedHeader

    init(_ settings: ServerSettings) {
        let ranges = settings.trustedProxies.compactMap(Self.range)
        self.ranges = ranges
        header = settings.forwardedBy
        let loopback = [ClientAddress(ipv4: 0x7F00_0001), ClientAddress(high: 0, low: 1)]
        trustsUnixSockets = loopback.contains { address in ranges.contains { $0.contains(address) } }
    }

    /// Whether nobody is trusted: the client is always the peer.
    var isEmpty: Bool { ranges.isEmpty }

    /// Whether this peer's word is taken.
    func trust(_ peer: ClientAddress) -> Bool {
        switch peer.kind {
        case .unix: trustsUnixSockets
        case .unknown: false
        case .ipv4, .ipv6: ranges.contains { $0.contains(peer) }
        }
    }

    /// Who makes a request that this peer sent.
    func client(_ peer: ClientAddress, _ headers: HeaderList) -> ClientAddress {
        guard !ranges.isEmpty, trust(peer) else { return peer }
        return headers.packed.withUnsafeBytes { bytes in
            var client = peer
            // Several lines are one list, the last line its end (RFC 9110, section 5.3). There is rarely a second.
            var lines = Self.lines(header, bytes, before: .max)
            while let line = lines.last {
                guard read(bytes.part(line), &client) else { break }
                lines = Self.lines(header, bytes, before: lines.count - 1)
            }
            return client
        }
    }

    /// The header fields that a worker gets: `X-Forwarded-For` and `Forwarded` from an untrusted peer not at all, from a
    /// trusted one only that which `forwardedBy` names.
    func sanitized(_ headers: HeaderList, from peer: ClientAddress) -> HeaderList {
        let isTrusted = !ranges.isEmpty && trust(peer)
        func isDropped(_ name: UnsafeRawBufferPointer) -> Bool {
            guard let found = Self.forwardedHeader(name) else { return false }
            return !isTrusted || found != header
        }
        var isClean = true
        headers.forEach { name, _ in if isDropped(name) { isClean = false } }
        guard !isClean else { return headers }
        var rest = HeaderList()
        rest.reserve(headers.packed.count)
        headers.forEach { name, value in
            if !isDropped(name) { rest.append(name: name, value: value) }
        }
        return rest
    }

    /// Which of the two a field's name is; nil for any other.
    @inline(__always)
    static func forwardedHeader(_ name: UnsafeRawBufferPointer) -> ForwardedHeader? {
        switch name.count {
        case 9 where name.isText("forwarded"): .forwarded
        case 15 where name.isText("x-forwarded-for"): .xForwardedFor
        default: nil
        }
    }

    /// The last of the first `before` lines, and how many there are of them.
    private static func lines(
        _ header: ForwardedHeader, _ bytes: UnsafeRawBufferPointer, before: Int
    ) -> (last: Swift.Range<Int>?, count: Int) {
        var found: (last: Swift.Range<Int>?, count: Int) = (nil, 0)
        var offset = 0
        while offset + 4 <= bytes.count, found.count < before {
            let nameEnd = offset + 4 + (Int(bytes[offset]) | Int(bytes[offset + 1]) << 8)
            let end = nameEnd + (Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8)
            if forwardedHeader(bytes.part(offset + 4..<nameEnd)) == header {
                found = (nameEnd..<end, found.count + 1)
            }
            offset = end
        }
        return found
    }

    /// Reads a line from its end; false when the client has been found.
    private func read(_ line: UnsafeRawBufferPointer, _ client: inout ClientAddress) -> Bool {
        var end = line.count
        while end >= 0 {
            let start = header == .forwarded ? ForwardedElement.start(of: line, endingAt: end) : Self.start(line, end)
            let entry = line.part(start..<end).trimmed
            let hop = header == .forwarded ? ForwardedElement.client(entry) : ClientAddress(hop: entry)
            guard let hop else { return false }
            client = hop
            guard trust(hop) else { return false }
            end = start - 1
        }
        return true
    }

    /// Where the entry begins that ends at `end`.
    private static func start(_ line: UnsafeRawBufferPointer, _ end: Int) -> Int {
        var start = end
        while start > 0, line[start - 1] != UInt8(ascii: ",") { start -= 1 }
        return start
    }

    /// A network as two numbers and their masks. One of IPv4 addresses mapped into IPv6 is the IPv4 network.
    private static func range(_ settings: AddressRange) -> Range? {
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(.max >> UInt64(bits)) }
        func ipv4(_ low: UInt64, _ bits: Int) -> Range {
            Range(
                kind: .ipv4, high: 0, low: low & 0xFFFF_FFFF, highMask: 0, lowMask: mask(bits + 32) & 0xFFFF_FFFF)
        }
        let bits = settings.prefixLength
        switch settings.bytes.count {
        case 4: return ipv4(number(settings.bytes[...]), bits)
        case 16:
            let high = number(settings.bytes[..<8])
            let low = number(settings.bytes[8...])
            if high == 0, low >> 32 == 0xFFFF, bits >= 96 { return ipv4(low, bits - 96) }
            return Range(kind: .ipv6, high: high, low: low, highMask: mask(bits), lowMask: mask(bits - 64))
        default: return nil
        }
    }
}
