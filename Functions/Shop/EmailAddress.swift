/// The form of e-mail addresses.
public enum EmailAddress {
    /// Whether a text has the form `local@domain` that mail servers of today accept: at most 254 bytes, at most 64
    /// before the `@`, no quoting, no spaces, a domain of at least two labels (RFC 5321, sections 2.3.5 and 4.5.3.1).
    public static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= 254, let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
        return isLocalPart(bytes[..<at]) && isDomain(bytes[(at + 1)...])
    }

    private static func isLocalPart(_ part: ArraySlice<UInt8>) -> Bool {
        guard (1...64).contains(part.count) else { return false }
        let atoms = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return atoms.allSatisfy { !$0.isEmpty }
            && part.allSatisfy {
                $0 >= 0x80 || isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~.".utf8.contains($0)
            }
    }

    private static func isDomain(_ domain: ArraySlice<UInt8>) -> Bool {
        let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
                    && label.last != UInt8(ascii: "-")
                    && label.allSatisfy { $0 >= 0x80 || isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
