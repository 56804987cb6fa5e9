import Crypto
import Manifests

/// A key together with whose it is and for which function: the name of a record.
///
/// It is the SHA-256 of all of them, each with its length before it, so that no two ever run into each other, and so
/// that neither keys nor callers' ids stand on the disk.
struct ScopedKey: Sendable, Hashable {
    /// 32 bytes.
    let bytes: [UInt8]

    /// The key of one caller for one function.
    init(_ key: IdempotencyKey, function: String, caller id: String, by kind: CredentialKind) {
        var hash = SHA256()
        hash.update(part: Array("key".utf8))
        hash.update(part: Array(function.utf8))
        hash.update(part: Array(kind.rawValue.utf8))
        hash.update(part: Array(id.utf8))
        hash.update(part: key.bytes)
        bytes = Array(hash.finalize())
    }
}

extension SHA256 {
    /// Adds bytes with their number before them.
    mutating func update(part bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update(bufferPointer: $0) }
        bytes.withUnsafeBytes { update(bufferPointer: $0) }
    }
}
