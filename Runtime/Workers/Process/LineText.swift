/// Makes a worker's bytes safe for a log line.
enum LineText {
    /// The text of the bytes: what is not UTF-8 as `\xff`, control characters (C0 but tab, DEL, C1, and the separators
    /// U+2028 and U+2029) as `\u{1b}`, so that no line starts a second one or moves a terminal's cursor.
    static func escaped(_ bytes: UnsafeRawBufferPointer) -> String {
        if bytes.allSatisfy({ ($0 >= 32 && $0 < 127) || $0 == 9 }) { return String(decoding: bytes, as: UTF8.self) }
        var text = ""
        text.reserveCapacity(bytes.count + 16)
        var decoder = Unicode.UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var offset = 0
        scanning: while true {
            switch decoder.parseScalar(from: &rest) {
            case .valid(let encoded):
                append(Unicode.UTF8.decode(encoded), to: &text)
                offset += encoded.count
            case .error(let length):
                for byte in bytes[offset..<min(offset + length, bytes.count)] {
                    text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }
                offset += length
            case .emptyInput:
                break scanning
            }
        }
        return text
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar.value {
        case 9: text.unicodeScalars.append(scalar)
        case 0..<32, 127..<160, 0x2028, 0x2029: text += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: text.unicodeScalars.append(scalar)
        }
    }
}
