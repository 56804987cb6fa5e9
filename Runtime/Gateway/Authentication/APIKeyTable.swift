import Crypto
import Manifests
import WireProtocol

/// The manifest's API keys by their SHA-256.
struct APIKeyTable: Sendable {
    /// The longest key that is looked at, in bytes.
    static let longest = 256

    /// All hashes, 32 bytes each, one after the other.
    private let hashes: [UInt8]
    /// Whose hash stands at each place.
    private let owners: [Identity]

    init(_ settings: APIKeySettings?) {
        var hashes: [UInt8] = []
        var owners: [Identity] = []
        for key in settings?.keys ?? [] {
            let expires = key.expires.map { NumericDate.milliseconds(.number(.init($0))) ?? 0 } ?? .max
            let identity = Identity(
                Caller(id: key.name, roles: key.roles, scopes: key.scopes), credential: .apiKey, expires: expires)
            for hash in key.hashes where hash.count == SHA256.byteCount {
                hashes += hash
                owners.append(identity)
            }
        }
        self.hashes = hashes
        self.owners = owners
    }

    /// Whose key this is. All hashes are looked at to their last byte, so that the time tells nothing.
    func find(_ key: UnsafeRawBufferPointer, unixMilliseconds: UInt64) -> Result<Identity, RefusalReason> {
        guard key.count <= Self.longest else { return .failure(.unknownAPIKey) }
        let found = place(of: SHA256.hash(data: key))
        guard owners.indices.contains(found) else { return .failure(.unknownAPIKey) }
        let identity = owners[found]
        return unixMilliseconds < identity.expires ? .success(identity) : .failure(.expiredAPIKey)
    }

    /// The place of a hash; -1 where it is not.
    private func place(of digest: SHA256Digest) -> Int {
        digest.withUnsafeBytes { digest in
            hashes.withUnsafeBytes { hashes in
                var found = -1
                for place in 0..<owners.count {
                    var difference: UInt64 = 0
                    for word in 0..<4 {
                        difference |=
                            digest.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
                            ^ hashes.loadUnaligned(fromByteOffset: place * 32 + word * 8, as: UInt64.self)
                    }
                    // All ones where nothing differs, else all zeros; without a branch.
                    let same = Int(truncatingIfNeeded: ((difference | (0 &- difference)) >> 63) &- 1)
                    found = found & ~same | place & same
                }
                return found
            }
        }
    }
}
