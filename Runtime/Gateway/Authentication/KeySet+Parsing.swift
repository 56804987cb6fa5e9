import JSONCoding
import JWTKit
import Manifests

extension KeySet {
    /// The longest key set, in bytes.
    static let longest = 1 << 20
    /// How many keys of a set are looked at.
    static let mostKeys = 100

    /// Why a text is no key set.
    struct Fault: Error, Equatable {
        let sentence: String
    }

    /// Reads a key set (RFC 7517, section 5). A key that is broken, too weak, secret, private, or not for signatures is
    /// left out with a reason; of several keys with one id for one algorithm all are left out, unless they are the same.
    ///
    /// - Parameter allowed: the manifest's algorithms; keys that serve none of them are left out.
    /// - Throws: when it is no set, too long, or no key remains.
    init(json: [UInt8], allowed: [Manifests.JWTAlgorithm]) throws(Fault) {
        guard json.count <= Self.longest else { throw Fault(sentence: "the key set is longer than 1 MiB") }
        let value: JSONValue
        do {
            value = try JSONValue.parse(json, limits: JSONLimits(maxDepth: 16, maxBytes: Self.longest))
        } catch {
            throw Fault(sentence: "the key set is not JSON, or has a member twice")
        }
        guard let members = value["keys"]?.arrayValue else { throw Fault(sentence: "the key set has no `keys`") }
        var skipped: [String] = []
        if members.count > Self.mostKeys {
            skipped.append("the keys after the first \(Self.mostKeys): the set has \(members.count)")
        }
        var keys: [VerificationKey] = []
        for (index, member) in members.prefix(Self.mostKeys).enumerated() {
            do throws(Fault) {
                keys.append(try Self.key(member, allowed))
            } catch {
                skipped.append("key \(index + 1): \(error.sentence)")
            }
        }
        keys = Self.unambiguous(keys, &skipped)
        if keys.isEmpty {
            throw Fault(sentence: (["the key set has no key to use"] + skipped.prefix(5)).joined(separator: "; "))
        }
        self.init(keys: keys, ignoresIDs: false, skipped: skipped)
    }

    private static func unambiguous(_ keys: [VerificationKey], _ skipped: inout [String]) -> [VerificationKey] {
        var kept: [VerificationKey] = []
        for (index, key) in keys.enumerated() {
            let rivals = keys.enumerated().filter { other, rival in
                other != index && rival.id != nil && rival.id == key.id
                    && rival.algorithms.contains { key.algorithms.contains($0) }
            }
            if rivals.contains(where: { $1.fingerprint != key.fingerprint }) {
                skipped.append("a key whose id another key has too")
            } else if !rivals.contains(where: { $0.offset < index }) {
                kept.append(key)
            }
        }
        return kept
    }

    private static func key(
        _ value: JSONValue, _ allowed: [Manifests.JWTAlgorithm]
    ) throws(Fault) -> VerificationKey {
        guard let members = value.objectValue else { throw Fault(sentence: "it is not an object") }
        let id = try text(members, "kid").map { Array($0.utf8) }
        if let use = try text(members, "use"), use != "sig" { throw Fault(sentence: "it is not for signatures") }
        if let operations = members["key_ops"] {
            guard operations.arrayValue?.contains(.string("verify")) == true else {
                throw Fault(sentence: "it is not for signatures")
            }
        }
        // Who publishes a private key has lost it.
        if members["d"] != nil { throw Fault(sentence: "it is private, and was published") }
        let (material, representation) = try material(members)
        var algorithms = allowed
        if let name = try text(members, "alg") {
            algorithms = allowed.filter { $0.rawValue.utf8.elementsEqual(name.utf8) }
        }
        guard
            let key = VerificationKey(material, id: id, allowed: algorithms, representation: representation)
        else { throw Fault(sentence: "it serves none of the manifest's algorithms") }
        return key
    }

    private static func material(_ members: JSONObject) throws(Fault) -> (VerificationKey.Material, [UInt8]) {
        let curve = try text(members, "crv")
        switch (try text(members, "kty"), curve) {
        case ("RSA", _):
            let (modulus, exponent) = (try number(members, "n"), try number(members, "e"))
            if let fault = RSARules.fault(modulus: modulus.bytes, exponent: exponent.bytes) {
                throw Fault(sentence: fault)
            }
            return (
                .rsa(try made { try Insecure.RSA.PublicKey(modulus: modulus.text, exponent: exponent.text) }),
                modulus.bytes + exponent.bytes
            )
        case ("EC", "P-256"):
            let point = try point(members, 32)
            return (.p256(try made { try ES256PublicKey(parameters: point.text) }), point.bytes)
        case ("EC", "P-384"):
            let point = try point(members, 48)
            return (.p384(try made { try ES384PublicKey(parameters: point.text) }), point.bytes)
        case ("EC", "P-521"):
            let point = try point(members, 66)
            return (.p521(try made { try ES512PublicKey(parameters: point.text) }), point.bytes)
        case ("OKP", "Ed25519"):
            let x = try number(members, "x")
            guard x.bytes.count == 32 else { throw Fault(sentence: "its `x` has not 32 bytes") }
            return (.edDSA(try made { try EdDSA.PublicKey(x: x.text, curve: .ed25519) }), x.bytes)
        case ("oct", _):
            throw Fault(sentence: "it is a secret, and was published")
        default:
            throw Fault(sentence: "its kind or curve is not known")
        }
    }

    /// jwt-kit refuses what is no key: a point that is not on the curve, for one.
    private static func made<Key>(_ make: () throws -> Key) throws(Fault) -> Key {
        do { return try make() } catch { throw Fault(sentence: "it is not a valid key") }
    }

    private static func text(_ members: JSONObject, _ name: String) throws(Fault) -> String? {
        switch members[name] {
        case nil: return nil
        case .string(let text): return text
        default: throw Fault(sentence: "its `\(name)` is not text")
        }
    }

    private static func number(_ members: JSONObject, _ name: String) throws(Fault) -> (text: String, bytes: [UInt8]) {
        guard let text = try text(members, name), let bytes = Base64URL.decode(text), !bytes.isEmpty else {
            throw Fault(sentence: "its `\(name)` is missing or not base64url")
        }
        return (text, bytes)
    }

    private static func point(
        _ members: JSONObject, _ size: Int
    ) throws(Fault) -> (text: (x: String, y: String), bytes: [UInt8]) {
        let (x, y) = (try number(members, "x"), try number(members, "y"))
        guard x.bytes.count == size, y.bytes.count == size else {
            throw Fault(sentence: "its point has not \(size) bytes a coordinate")
        }
        return ((x.text, y.text), x.bytes + y.bytes)
    }
}
