import Manifests

/// The keys that tokens are verified by; never changes.
struct KeySet: Sendable {
    /// What stands for a token's key.
    enum Match: Sendable {
        /// One of these has signed it, if it is good.
        case keys([VerificationKey])
        /// No key has this id.
        case unknownID
        /// The key with this id, or all keys, are not for this algorithm.
        case unsuited
    }

    /// The keys, in order.
    let keys: [VerificationKey]
    /// Whether key ids are not looked at: there is one secret, or the keys come from a PEM file, which has no ids.
    let ignoresIDs: Bool
    /// What was left out, and why, for the log.
    let skipped: [String]

    init(keys: [VerificationKey], ignoresIDs: Bool, skipped: [String] = []) {
        self.keys = keys
        self.ignoresIDs = ignoresIDs
        self.skipped = skipped
    }

    /// Whether both hold the same keys under the same ids.
    func isSame(as other: KeySet) -> Bool {
        keys.count == other.keys.count
            && zip(keys, other.keys).allSatisfy { $0.id == $1.id && $0.fingerprint == $1.fingerprint }
    }

    /// The keys for a token with this key id and algorithm.
    ///
    /// A token without a key id is for the one key of its algorithm; where there are several, for none of them.
    func find(id: [UInt8]?, algorithm: Manifests.JWTAlgorithm) -> Match {
        let fitting = keys.filter { $0.algorithms.contains(algorithm) }
        if ignoresIDs { return fitting.isEmpty ? .unsuited : .keys(fitting) }
        guard let id else { return fitting.count == 1 ? .keys(fitting) : fitting.isEmpty ? .unsuited : .unknownID }
        let named = fitting.filter { $0.id == id }
        if !named.isEmpty { return .keys(named) }
        return keys.contains { $0.id == id } ? .unsuited : .unknownID
    }
}
