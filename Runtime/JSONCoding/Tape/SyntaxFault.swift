/// Why a text is no JSON document, and where.
struct SyntaxFault: Error {
    enum Reason {
        case empty
        case tooLong(limit: Int)
        case tooDeep(limit: Int)
        case byteOrderMark
        case unexpected(expected: StaticString)
        case trailing
        case unterminatedString
        case controlCharacter
        case badEscape
        case loneSurrogate
        case badUTF8
        case leadingZero
        case badNumber
        case doubledKey
    }

    let reason: Reason
    /// Nil for a fault of the document as a whole.
    let offset: Int?

    /// What is wrong, as a sentence without its full stop. `found` is the byte at the offset, nil at the end.
    func sentence(found: UInt8?) -> String {
        switch reason {
        case .empty: "the document is empty"
        case .tooLong(let limit): "the document is longer than \(limit) bytes"
        case .tooDeep(let limit): "arrays and objects are nested deeper than \(limit)"
        case .byteOrderMark: "a byte-order mark is not allowed"
        case .unexpected(let expected): "expected \(expected), found \(Self.name(found))"
        case .trailing: "expected the end of the document, found \(Self.name(found))"
        case .unterminatedString: "a string is not closed"
        case .controlCharacter: "control characters in a string must be escaped"
        case .badEscape: "a string has an unknown escape"
        case .loneSurrogate: "a string has half of a surrogate pair"
        case .badUTF8: "the text is not UTF-8"
        case .leadingZero: "a number must not begin with a zero"
        case .badNumber: "expected a digit, found \(Self.name(found))"
        case .doubledKey: "is given twice"
        }
    }

    private static func name(_ byte: UInt8?) -> String {
        switch byte {
        case nil: "the end of the document"
        case let byte? where byte > 0x20 && byte < 0x7F: "'\(Character(UnicodeScalar(byte)))'"
        case let byte?: "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
}
