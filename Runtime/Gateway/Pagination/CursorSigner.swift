import Crypto

/// Makes cursors that a client can neither read a meaning into nor change: base64url (RFC 4648, section 5, without
/// padding) of the position's UTF-8 and 16 bytes of HMAC-SHA256 over function and position.
///
/// A cursor is good for one function and for as long as the manifest's secret stays.
struct CursorSigner: Sendable {
    private static let tagLength = 16
    private let key: SymmetricKey

    /// A signer by this secret.
    init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// The cursor for a position in the list of a function.
    func cursor(_ position: String, function: String) -> String {
        var bytes = Array(position.utf8)
        bytes += tag(bytes, function)
        return Base64URL.encode(bytes)
    }

    /// The position that a cursor stands for; nil for one that was not made here, in any way.
    func position(_ cursor: String, function: String) -> String? {
        guard let bytes = Base64URL.decode(cursor), bytes.count >= Self.tagLength else { return nil }
        let position = Array(bytes.dropLast(Self.tagLength))
        var difference: UInt8 = 0
        // All bytes are looked at, so that the time tells nothing.
        for (given, right) in zip(bytes.suffix(Self.tagLength), tag(position, function)) {
            difference |= given ^ right
        }
        return difference == 0 ? String(validating: position, as: UTF8.self) : nil
    }

    /// The zero byte cannot be in a name, so no function's message is another's.
    private func tag(_ position: [UInt8], _ function: String) -> [UInt8] {
        let message = Array("cursor ".utf8) + Array(function.utf8) + [0] + position
        return Array(HMAC<SHA256>.authenticationCode(for: message, using: key).prefix(Self.tagLength))
    }
}
