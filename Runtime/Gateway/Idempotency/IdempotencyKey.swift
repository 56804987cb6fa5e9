import WireProtocol

/// The key that a client chose, as it came in the header: 1 to 255 printable ASCII characters (contract 3.7).
///
/// The bare form and the quoted one, a string of structured fields (RFC 8941, section 3.3.3), are the same key.
struct IdempotencyKey: Sendable, Hashable {
    /// What a value is that is no key.
    enum Fault: Error, Equatable {
        /// More than one field, or none of the bytes are the key's.
        case doubled, empty
        /// Over 255 characters.
        case tooLong
        /// A control character or a byte beyond ASCII.
        case unprintable
        /// It begins with a quotation mark and is no string of structured fields.
        case badQuotes

        /// A sentence for the client; `header` is the name of the field.
        func sentence(_ header: String) -> String {
            switch self {
            case .doubled: "The request has more than one \(header) header"
            case .empty: "The \(header) header is empty"
            case .tooLong: "The \(header) header is longer than \(IdempotencyKey.longest) characters"
            case .unprintable: "The \(header) header may hold printable ASCII characters only"
            case .badQuotes: "The \(header) header begins with a quotation mark and is no quoted string"
            }
        }
    }

    /// The most characters of a key.
    static let longest = 255

    /// The characters, without quotation marks and escapes.
    let bytes: [UInt8]

    /// The key that this value of the header stands for.
    init(_ value: UnsafeRawBufferPointer) throws(Fault) {
        let value = Self.trimmed(value)
        guard let first = value.first else { throw .empty }
        for byte in value where !(0x20...0x7E).contains(byte) { throw .unprintable }
        let isQuoted = first == Self.quote
        // Each character may be escaped; what is longer than that cannot be a key, and is not copied.
        guard value.count <= (isQuoted ? Self.longest * 2 + 2 : Self.longest) else { throw .tooLong }
        let bytes = isQuoted ? try Self.unquoted(value) : [UInt8](value)
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.longest else { throw .tooLong }
        self.bytes = bytes
    }

    /// The key in the only field of that name (in lower case); nil where there is none.
    static func find(_ name: [UInt8], in headers: HeaderList) throws(Fault) -> IdempotencyKey? {
        var found: Result<IdempotencyKey, Fault>?
        var count = 0
        headers.forEach { field, value in
            guard field.isBytes(name) else { return }
            count += 1
            if count == 1 { found = Result { () throws(Fault) in try IdempotencyKey(value) } }
        }
        guard count < 2 else { throw .doubled }
        return try found?.get()
    }

    private static let quote = UInt8(ascii: "\"")
    private static let escape = UInt8(ascii: "\\")

    private static func unquoted(_ value: UnsafeRawBufferPointer) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.count)
        var index = 1
        while index < value.count {
            switch value[index] {
            case quote:
                // Nothing may follow: parameters mean nothing here.
                guard index == value.count - 1 else { throw .badQuotes }
                return bytes
            case escape:
                index += 1
                guard index < value.count, value[index] == quote || value[index] == escape else { throw .badQuotes }
                bytes.append(value[index])
            case let byte: bytes.append(byte)
            }
            index += 1
        }
        throw .badQuotes
    }

    private static func trimmed(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        var end = value.count
        while start < end, value[start] == 0x20 || value[start] == 9 { start += 1 }
        while end > start, value[end - 1] == 0x20 || value[end - 1] == 9 { end -= 1 }
        return value.part(start..<end)
    }
}
