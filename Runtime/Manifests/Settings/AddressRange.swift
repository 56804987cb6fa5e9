/// A network: an IPv4 or IPv6 address and how many of its leading bits count.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    /// The address in network order: 4 bytes for IPv4, 16 for IPv6.
    public let bytes: [UInt8]
    /// How many leading bits must be equal: up to 32 or 128.
    public let prefixLength: Int

    /// Parses `10.0.0.0/8`, `192.168.1.7`, `fd00::/8` or `::1`; nil for anything else.
    public init?(_ text: String) {
        guard let range = try? AddressRange(parsing: text) else { return nil }
        self = range
    }

    /// Whether an address (4 or 16 bytes, network order) is in the network; an IPv4 address is never in an
    /// IPv6 network, so unmap `::ffff:a.b.c.d` first.
    public func contains(_ address: [UInt8]) -> Bool {
        guard address.count == bytes.count else { return false }
        let whole = prefixLength / 8
        for index in 0..<whole where address[index] != bytes[index] { return false }
        let rest = prefixLength % 8
        guard rest > 0 else { return true }
        let mask = ~UInt8(0) << UInt8(8 - rest)
        return address[whole] & mask == bytes[whole] & mask
    }

    /// The network as `address/bits`.
    public var description: String {
        if bytes.count == 4 {
            return bytes.map(String.init).joined(separator: ".") + "/\(prefixLength)"
        }
        let groups = stride(from: 0, to: bytes.count - 1, by: 2).map {
            String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "/\(prefixLength)"
    }

    init(parsing text: String) throws(TextProblem) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let address = String(parts[0])
        guard parts.count <= 2, let bytes = Self.bytes(ofIPv4: address) ?? Self.bytes(ofIPv6: address) else {
            throw TextProblem("is no address and no CIDR", fix: "write `10.0.0.0/8` or `192.168.1.7`")
        }
        let bits = bytes.count * 8
        self.bytes = bytes
        guard parts.count == 2 else {
            prefixLength = bits
            return
        }
        guard let length = Int(parts[1]), (0...bits).contains(length), String(length) == parts[1] else {
            throw TextProblem(
                "needs a number of bits from 0 to \(bits) after `/`", fix: "write `\(address)/\(bits)`")
        }
        prefixLength = length
    }

    static func bytes(ofIPv4 text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // Leading zeros mean octal to some programs: refused.
            guard let byte = UInt8(part), String(byte) == part else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// RFC 4291 section 2.2, without zones.
    static func bytes(ofIPv6 text: String) -> [UInt8]? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard text.contains(":"), halves.count <= 2, !text.contains(":::") else { return nil }
        guard let head = groups(halves[0], mayEndInIPv4: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        guard let tail = groups(halves[1], mayEndInIPv4: true), head.count + tail.count <= 14 else {
            return nil
        }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard mayEndInIPv4, index == parts.count - 1, let last = Self.bytes(ofIPv4: String(part))
                else { return nil }
                bytes += last
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}
