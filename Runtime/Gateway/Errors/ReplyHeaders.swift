import WireProtocol

/// Judges the header fields that a handler set.
enum ReplyHeaders {
    private enum Verdict {
        case keep
        /// Ours to write: taken out without a word.
        case drop
        /// Would break the response's framing or its lines.
        case illegal
    }

    /// The fields that may be sent; nil where one would break the response.
    static func acceptable(_ headers: HeaderList) -> HeaderList? {
        var isLegal = true
        var isWhole = true
        headers.forEach { name, value in
            switch verdict(name, value) {
            case .keep: break
            case .drop: isWhole = false
            case .illegal: isLegal = false
            }
        }
        guard isLegal else { return nil }
        guard !isWhole else { return headers }
        var kept = HeaderList()
        headers.forEach { name, value in
            if verdict(name, value) == .keep { kept.append(name: name, value: value) }
        }
        return kept
    }

    @inline(__always)
    private static func verdict(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Verdict {
        for byte in name where !isTokenByte(byte) { return .illegal }
        for byte in value where byte < 0x20 && byte != 9 || byte == 0x7F { return .illegal }
        // Framing and what belongs to one connection (RFC 9110, section 7.6.1) is the front door's.
        switch name.count {
        case 2: return name.isText("te") ? .illegal : .keep
        case 4: return name.isText("date") ? .drop : .keep
        case 7: return name.isText("upgrade") || name.isText("trailer") ? .illegal : .keep
        case 10: return name.isText("connection") || name.isText("keep-alive") ? .illegal : isInternal(name)
        case 12: return name.isText("x-request-id") ? .drop : isInternal(name)
        case 14: return name.isText("content-length") ? .illegal : isInternal(name)
        case 16: return name.isText("proxy-connection") ? .illegal : isInternal(name)
        case 17: return name.isText("transfer-encoding") ? .illegal : isInternal(name)
        case 22: return name.isText("x-content-type-options") ? .drop : isInternal(name)
        default: return isInternal(name)
        }
    }

    @inline(__always)
    private static func isInternal(_ name: UnsafeRawBufferPointer) -> Verdict {
        guard name.count > 9, name[0] == UInt8(ascii: "s") else { return .keep }
        return name.part(0..<9).isText("swiftlet-") ? .drop : .keep
    }

    /// RFC 9110, section 5.6.2.
    @inline(__always)
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "^"),
            UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
