import WireProtocol

/// A request target taken apart: decoded once, normalised once (RFC 9112, section 3.2; RFC 3986, section 6.2.2).
///
/// Empty and dot segments fall away after decoding, so `//`, `/./` and `%2e%2e` cannot name what the plain path
/// would not. Refused: a path that leaves the root, an encoded slash, backslash or NUL, a plain backslash, what is
/// no UTF-8, a fragment, and any byte that is not visible ASCII.
struct RequestTarget: Equatable {
    var path: [UInt8] = []
    var query: [UInt8] = []
    /// The authority of the absolute form; it must be what `Host` says.
    var authority: [UInt8]?

    /// nil when the target is not acceptable for that method.
    init?(_ bytes: UnsafeRawBufferPointer, method: Method) {
        guard let first = bytes.first else { return nil }
        if method == .connect {
            guard HostField.isValid(bytes, needsPort: true) else { return nil }
            path = [0x2A]
        } else if first == 0x2F {
            guard parseOrigin(bytes, method: method) else { return nil }
        } else if first == 0x2A {
            guard bytes.count == 1, method == .options else { return nil }
            path = [0x2A]
        } else {
            guard parseAbsolute(bytes, method: method) else { return nil }
        }
    }

    private mutating func parseAbsolute(_ bytes: UnsafeRawBufferPointer, method: Method) -> Bool {
        var start = 7
        if bytes.count >= 8, bytes.part(0..<8).equalsLowered("https://") {
            start = 8
        } else if bytes.count < 7 || !bytes.part(0..<7).equalsLowered("http://") {
            return false
        }
        var end = start
        while end < bytes.count, bytes[end] != 0x2F, bytes[end] != 0x3F { end += 1 }
        let named = bytes.part(start..<end)
        guard HostField.isValid(named) else { return false }
        authority = [UInt8](named)
        if end == bytes.count {
            // RFC 9112, section 3.2.4: without a path, OPTIONS means the server as a whole.
            path = [method == .options ? 0x2A : 0x2F]
            return true
        }
        return parseOrigin(bytes.part(end..<bytes.count), method: method)
    }

    /// `bytes` begin with `/`, or with `?` after an authority.
    private mutating func parseOrigin(_ bytes: UnsafeRawBufferPointer, method: Method) -> Bool {
        let plain = ByteSet.plainPath
        var end = 0
        var isNormal = bytes[0] == 0x2F
        scan: while end < bytes.count {
            let byte = bytes[end]
            if !plain.contains(byte) {
                switch byte {
                case 0x3F: break scan
                case 0x25: isNormal = false
                case 0x2E: if end > 0, bytes[end - 1] == 0x2F { isNormal = false }
                case 0x2F: if end > 0, bytes[end - 1] == 0x2F { isNormal = false }
                default: return false
                }
            }
            end += 1
        }
        if end < bytes.count {
            let rest = bytes.part((end + 1)..<bytes.count)
            guard ByteSet.query.containsAll(rest) else { return false }
            query = [UInt8](rest)
        }
        if isNormal {
            path = [UInt8](bytes.part(0..<end))
            return true
        }
        guard let normal = RequestTarget.normalised(bytes.part(0..<end)) else { return false }
        path = normal
        return true
    }

    private static func normalised(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        var isDirectory = true
        var needsCheck = false
        while index < bytes.count {
            index += 1
            let start = out.count
            out.append(0x2F)
            while index < bytes.count, bytes[index] != 0x2F {
                var byte = bytes[index]
                index += 1
                if byte == 0x25 {
                    guard index + 1 < bytes.count, let high = bytes[index].hexadecimal,
                        let low = bytes[index + 1].hexadecimal
                    else { return nil }
                    byte = high << 4 | low
                    index += 2
                    if byte == 0 || byte == 0x2F || byte == 0x5C { return nil }
                    if byte >= 0x80 { needsCheck = true }
                }
                out.append(byte)
            }
            let length = out.count - start - 1
            isDirectory = true
            if length == 0 || (length == 1 && out[start + 1] == 0x2E) {
                out.removeLast(out.count - start)
            } else if length == 2, out[start + 1] == 0x2E, out[start + 2] == 0x2E {
                out.removeLast(3)
                guard let parent = out.lastIndex(of: 0x2F) else { return nil }
                out.removeLast(out.count - parent)
            } else {
                isDirectory = false
            }
        }
        if isDirectory { out.append(0x2F) }
        // Overlong forms, surrogates and lone continuation bytes are all invalid here.
        if needsCheck, String(validating: out, as: UTF8.self) == nil { return nil }
        return out
    }
}
