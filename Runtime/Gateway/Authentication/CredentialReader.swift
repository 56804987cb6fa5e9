import WireProtocol

/// What a request shows for itself; ranges lie in the header list's packed bytes.
enum PresentedCredential: Equatable {
    case none
    /// A bearer token (RFC 6750, section 2.1), never empty.
    case bearer(Range<Int>)
    /// An API key, never empty.
    case apiKey(Range<Int>)
    /// `Authorization: Bearer` with nothing behind it, or an empty key.
    case empty
    /// `Authorization` with another scheme, or with none.
    case otherScheme
    /// Two fields of one kind, or one of each.
    case two
}

/// Finds the credential in one pass over the packed fields.
///
/// Tokens and keys are taken from header fields only, never from the query or the body.
struct CredentialReader: Sendable {
    /// The header that carries API keys, in lower case; empty: keys are not taken.
    let keyHeader: [UInt8]

    func read(_ headers: HeaderList) -> PresentedCredential {
        headers.packed.withUnsafeBytes { bytes in
            var authorization: Range<Int>?
            var key: Range<Int>?
            var offset = 0
            while offset + 4 <= bytes.count {
                let nameLength = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
                let valueLength = Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
                let start = offset + 4 + nameLength
                let name = bytes.part(offset + 4..<start)
                offset = start + valueLength
                if nameLength == keyHeader.count, nameLength > 0, name.isBytes(keyHeader) {
                    if key != nil { return .two }
                    key = start..<offset
                } else if nameLength == 13, name.isText("authorization") {
                    if authorization != nil { return .two }
                    authorization = start..<offset
                }
            }
            switch (authorization, key) {
            case (nil, nil): return .none
            case (_?, _?): return .two
            case (nil, let key?): return key.isEmpty ? .empty : .apiKey(key)
            case (let authorization?, nil): return Self.bearer(authorization, in: bytes)
            }
        }
    }

    /// The scheme's letter case does not matter (RFC 9110, section 11.1); spaces may follow it.
    private static func bearer(_ value: Range<Int>, in bytes: UnsafeRawBufferPointer) -> PresentedCredential {
        guard value.count >= 6, bytes.part(value.lowerBound..<value.lowerBound + 6).isTextIgnoringCase("bearer")
        else { return .otherScheme }
        var start = value.lowerBound + 6
        guard start < value.upperBound else { return .empty }
        guard bytes[start] == 0x20 else { return .otherScheme }
        while start < value.upperBound, bytes[start] == 0x20 { start += 1 }
        return start == value.upperBound ? .empty : .bearer(start..<value.upperBound)
    }
}
