/// What `Host` and the absolute form's authority may be (RFC 9110, section 7.2), narrowed to what names one host.
enum HostField {
    /// Whether the bytes are a host name, IPv4 address or bracketed IPv6 address with an optional port.
    static func isValid(_ bytes: UnsafeRawBufferPointer, needsPort: Bool = false) -> Bool {
        guard let first = bytes.first else { return false }
        var index = 0
        if first == 0x5B {
            guard let close = bytes.firstIndex(of: 0x5D), close > 2,
                ByteSet.ipv6.containsAll(bytes.part(1..<close))
            else { return false }
            index = close + 1
        } else {
            let name = ByteSet.hostName
            while index < bytes.count, name.contains(bytes[index]) { index += 1 }
            guard index > 0 else { return false }
        }
        if index == bytes.count { return !needsPort }
        guard bytes[index] == 0x3A else { return false }
        var port = 0
        for byte in bytes[(index + 1)...] {
            guard (0x30...0x39).contains(byte) else { return false }
            port = port * 10 + Int(byte - 0x30)
            if port > 65_535 { return false }
        }
        return !needsPort || index + 1 < bytes.count
    }
}
