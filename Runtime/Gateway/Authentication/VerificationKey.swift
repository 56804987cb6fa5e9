import Crypto
import FoundationEssentials
import JWTKit
import Manifests
import Synchronization

/// One key and the algorithms that it may be used with: of one kind, so that a public key can never be taken for a
/// secret, nor an algorithm be used that is not the key's.
final class VerificationKey: Sendable {
    /// The key itself, by its kind.
    enum Material: Sendable {
        case secret(HMACKey, bytes: Int)
        case rsa(JWTKit.Insecure.RSA.PublicKey)
        case p256(ES256PublicKey)
        case p384(ES384PublicKey)
        case p521(ES512PublicKey)
        case edDSA(EdDSA.PublicKey)
    }

    /// Its id in the key set; nil: it has none.
    let id: [UInt8]?
    /// What it may verify; never empty.
    let algorithms: [Manifests.JWTAlgorithm]
    /// SHA-256 over the kind and the key: equal for the same key.
    let fingerprint: [UInt8]

    private let material: Material
    /// jwt-kit's signer for each algorithm, made at its first use.
    private let signers = Mutex<[Manifests.JWTAlgorithm: any JWTKit.JWTAlgorithm]>([:])

    /// - Parameter allowed: those of the manifest, or the one that the key set names.
    /// - Returns: nil where the key fits none of them.
    init?(_ material: Material, id: [UInt8]?, allowed: [Manifests.JWTAlgorithm], representation: some DataProtocol) {
        let fitting = Self.algorithms(of: material).filter(allowed.contains)
        guard !fitting.isEmpty else { return nil }
        algorithms = fitting
        self.id = id
        self.material = material
        fingerprint = Array(SHA256.hash(data: Array(fitting.map(\.rawValue).joined().utf8) + Array(representation)))
    }

    /// What a kind of key fits (RFC 7518, section 3.1; RFC 8037, section 3.1). A secret is at least as long as the hash
    /// (RFC 7518, section 3.2).
    private static func algorithms(of material: Material) -> [Manifests.JWTAlgorithm] {
        switch material {
        case .secret(_, let bytes):
            [.hs256, .hs384, .hs512].filter { bytes >= $0.secretBytes }
        case .rsa: [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
        case .p256: [.es256]
        case .p384: [.es384]
        case .p521: [.es512]
        case .edDSA: [.edDSA]
        }
    }

    /// Whether the signature over these bytes is this key's, made by this algorithm.
    func isValid(_ signature: [UInt8], over signed: ArraySlice<UInt8>, by algorithm: Manifests.JWTAlgorithm) async
        -> Bool
    {
        guard algorithms.contains(algorithm), let signer = await signer(algorithm),
            signer.name == algorithm.rawValue
        else { return false }
        // What it throws is about the signature's form.
        return (try? signer.verify(signature, signs: signed)) ?? false
    }

    /// jwt-kit hands its signers out by a key collection only; each has this one key.
    private func signer(_ algorithm: Manifests.JWTAlgorithm) async -> (any JWTKit.JWTAlgorithm)? {
        if let known = signers.withLock({ $0[algorithm] }) { return known }
        let collection = JWTKeyCollection()
        switch material {
        case .secret(let key, _): await collection.add(hmac: key, digestAlgorithm: Self.digest(algorithm))
        case .rsa(let key):
            switch algorithm {
            case .ps256, .ps384, .ps512: await collection.add(pss: key, digestAlgorithm: Self.digest(algorithm))
            default: await collection.add(rsa: key, digestAlgorithm: Self.digest(algorithm))
            }
        case .p256(let key): await collection.add(ecdsa: key)
        case .p384(let key): await collection.add(ecdsa: key)
        case .p521(let key): await collection.add(ecdsa: key)
        case .edDSA(let key): await collection.add(eddsa: key)
        }
        guard let made = try? await collection.getKey() else { return nil }
        signers.withLock { $0[algorithm] = made }
        return made
    }

    private static func digest(_ algorithm: Manifests.JWTAlgorithm) -> DigestAlgorithm {
        switch algorithm {
        case .hs384, .rs384, .ps384: .sha384
        case .hs512, .rs512, .ps512: .sha512
        default: .sha256
        }
    }
}
