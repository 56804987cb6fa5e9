import FoundationEssentials
import JWTKit
import Manifests

extension KeySet {
    /// The keys that stand in the manifest or beside it; nil for a URL, whose keys must be fetched.
    ///
    /// - Throws: a `Fault` when there is no key to use.
    static func written(_ settings: JWTSettings) throws(Fault) -> KeySet? {
        switch settings.keys {
        case .secret(let secret):
            return try KeySet(secret: Array(secret.utf8), allowed: settings.algorithms)
        case .document(let text):
            if PEMBlocks.isPEM(text) { return try KeySet(pem: text, allowed: settings.algorithms) }
            return try KeySet(json: Array(text.utf8), allowed: settings.algorithms)
        case .url: return nil
        }
    }

    /// One secret for HMAC; it serves those of the algorithms that it is long enough for.
    init(secret: [UInt8], allowed: [Manifests.JWTAlgorithm]) throws(Fault) {
        let material = VerificationKey.Material.secret(HMACKey(from: secret), bytes: secret.count)
        guard let key = VerificationKey(material, id: nil, allowed: allowed, representation: secret) else {
            throw Fault(sentence: "the secret is too short for the manifest's algorithms")
        }
        self.init(keys: [key], ignoresIDs: true)
    }

    /// Public keys in PEM form (RFC 7468, section 13); two while one replaces the other, at most four.
    init(pem: String, allowed: [Manifests.JWTAlgorithm]) throws(Fault) {
        let blocks = PEMBlocks.publicKeys(in: pem)
        guard !blocks.isEmpty else { throw Fault(sentence: "the PEM file has no public key") }
        guard blocks.count <= 4 else { throw Fault(sentence: "the PEM file has more than four public keys") }
        var keys: [VerificationKey] = []
        for (index, block) in blocks.enumerated() {
            guard let material = Self.material(pem: block) else {
                throw Fault(sentence: "public key \(index + 1) of the PEM file is not a valid key")
            }
            if case .rsa(let key) = material, let primitives = try? key.getKeyPrimitives(),
                let fault = RSARules.fault(
                    modulus: Array(primitives.modulus), exponent: Array(primitives.publicExponent))
            {
                throw Fault(sentence: "public key \(index + 1) of the PEM file: \(fault)")
            }
            guard
                let key = VerificationKey(material, id: nil, allowed: allowed, representation: Array(block.utf8))
            else {
                throw Fault(
                    sentence: "public key \(index + 1) of the PEM file serves none of the manifest's algorithms")
            }
            keys.append(key)
        }
        self.init(keys: keys, ignoresIDs: true)
    }

    private static func material(pem: String) -> VerificationKey.Material? {
        if let key = try? Insecure.RSA.PublicKey(pem: pem) { return .rsa(key) }
        if let key = try? ES256PublicKey(pem: pem) { return .p256(key) }
        if let key = try? ES384PublicKey(pem: pem) { return .p384(key) }
        if let key = try? ES512PublicKey(pem: pem) { return .p521(key) }
        if let key = try? EdDSA.PublicKey(pem: pem) { return .edDSA(key) }
        return nil
    }
}
