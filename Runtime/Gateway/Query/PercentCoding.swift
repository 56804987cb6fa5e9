/// Percent-encoding (RFC 3986, section 2.1) of what comes from and goes into addresses.
enum PercentCoding {
    /// The text of a query's name or value: `+` is a space, `%XX` a byte. Nil for a broken escape, invalid UTF-8 and
    /// NUL, which no database takes in text.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") || $0 == 0 }) else {
            return String(validating: bytes, as: UTF8.self)
        }
        return withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 1) { out -> String? in
            var count = 0
            var index = 0
            while index < bytes.count {
                var byte = bytes[index]
                if byte == UInt8(ascii: "%") {
                    guard index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                        let low = digit(bytes[index + 2])
                    else { return nil }
                    byte = high << 4 | low
                    index += 2
                } else if byte == UInt8(ascii: "+") {
                    byte = UInt8(ascii: " ")
                }
                guard byte != 0 else { return nil }
                out[count] = byte
                count += 1
                index += 1
            }
            return String(validating: out[0..<count], as: UTF8.self)
        }
    }

    /// Appends a decoded path as it stands in an address.
    static func append(path: [UInt8], to out: inout [UInt8]) {
        for byte in path {
            if isPathByte(byte) { out.append(byte) } else { escape(byte, &out) }
        }
    }

    /// Appends a part of a query that is encoded already; bytes that should have been escaped are.
    static func append(query: some Sequence<UInt8>, to out: inout [UInt8]) {
        for byte in query {
            if isPathByte(byte) || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "%") {
                out.append(byte)
            } else {
                escape(byte, &out)
            }
        }
    }

    /// `pchar` without `%`, and the slash (RFC 3986, section 3.3).
    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
            UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="),
            UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    private static func escape(_ byte: UInt8, _ out: inout [UInt8]) {
        out.append(UInt8(ascii: "%"))
        out.append(capital(byte >> 4))
        out.append(capital(byte & 15))
    }

    private static func capital(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
