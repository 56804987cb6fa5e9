import Crypto
import Foundation
import JWTKit
import Manifests

@testable import Gateway

/// Makes tokens, good and bad, from JSON texts.
enum TokenMint {
    static let secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    /// The present time of all tests, in seconds.
    static let now: UInt64 = 1_795_229_700

    /// `header.payload`, each as it is written.
    static func unsigned(_ header: String, _ payload: String) -> String {
        Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
    }

    /// A token under HS256.
    static func hs256(
        _ payload: String, header: String = #"{"alg":"HS256","typ":"JWT"}"#, secret: String = secret
    ) -> String {
        sealed(unsigned(header, payload), secret: Array(secret.utf8))
    }

    /// Adds an HMAC with SHA-256 over the text.
    static func sealed(_ signed: String, secret: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: secret))
        return signed + "." + Base64URL.encode(Array(code))
    }

    /// A token by one of jwt-kit's signers.
    static func signed(_ header: String, _ payload: String, _ signer: any JWTKit.JWTAlgorithm) throws -> String {
        let signed = unsigned(header, payload)
        return signed + "." + Base64URL.encode(try signer.sign(Array(signed.utf8)))
    }

    /// Claims that are good for an hour, with these members before them.
    static func claims(_ members: String = #""sub":"42""#) -> String {
        "{" + members + (members.isEmpty ? "" : ",") + #""exp":\#(now + 3600)}"#
    }
}

/// Key pairs of each kind, with the public half as a key set has it.
struct TestKeys: Sendable {
    let rsa: JWTKit.Insecure.RSA.PrivateKey
    let p256: ES256PrivateKey
    let p384: ES384PrivateKey
    let p521: ES512PrivateKey
    let edDSA: EdDSA.PrivateKey

    static let shared = Result { try TestKeys() }

    private init() throws {
        rsa = try JWTKit.Insecure.RSA.PrivateKey(pem: rsaPEM)
        p256 = ES256PrivateKey()
        p384 = ES384PrivateKey()
        p521 = ES512PrivateKey()
        edDSA = try EdDSA.PrivateKey()
    }

    func signer(_ algorithm: Manifests.JWTAlgorithm) async throws -> any JWTKit.JWTAlgorithm {
        let keys = JWTKeyCollection()
        switch algorithm {
        case .hs256: await keys.add(hmac: HMACKey(from: TokenMint.secret), digestAlgorithm: .sha256)
        case .hs384: await keys.add(hmac: HMACKey(from: TokenMint.secret), digestAlgorithm: .sha384)
        case .hs512: await keys.add(hmac: HMACKey(from: TokenMint.secret), digestAlgorithm: .sha512)
        case .rs256: await keys.add(rsa: rsa, digestAlgorithm: .sha256)
        case .rs384: await keys.add(rsa: rsa, digestAlgorithm: .sha384)
        case .rs512: await keys.add(rsa: rsa, digestAlgorithm: .sha512)
        case .ps256: await keys.add(pss: rsa, digestAlgorithm: .sha256)
        case .ps384: await keys.add(pss: rsa, digestAlgorithm: .sha384)
        case .ps512: await keys.add(pss: rsa, digestAlgorithm: .sha512)
        case .es256: await keys.add(ecdsa: p256)
        case .es384: await keys.add(ecdsa: p384)
        case .es512: await keys.add(ecdsa: p521)
        case .edDSA: await keys.add(eddsa: edDSA)
        }
        return try await keys.getKey()
    }

    /// The key set's member for an algorithm's key, without `alg`.
    func jwk(_ algorithm: Manifests.JWTAlgorithm, kid: String, more: String = "") throws -> String {
        switch algorithm {
        case .hs256, .hs384, .hs512:
            return #"{"kty":"oct","kid":"\#(kid)","k":"\#(Base64URL.encode(Array(TokenMint.secret.utf8)))"\#(more)}"#
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512:
            let (n, e) = try rsa.publicKey.getKeyPrimitives()
            return #"{"kty":"RSA","kid":"\#(kid)","n":"\#(Self.text(n))","e":"\#(Self.text(e))"\#(more)}"#
        case .es256: return Self.point("P-256", p256.parameters, kid, more)
        case .es384: return Self.point("P-384", p384.parameters, kid, more)
        case .es512: return Self.point("P-521", p521.parameters, kid, more)
        case .edDSA:
            let x = Self.text(edDSA.publicKey.rawRepresentation)
            return #"{"kty":"OKP","crv":"Ed25519","kid":"\#(kid)","x":"\#(x)"\#(more)}"#
        }
    }

    func set(_ keys: [(Manifests.JWTAlgorithm, String)]) throws -> String {
        #"{"keys":[\#(try keys.map { try jwk($0.0, kid: $0.1) }.joined(separator: ","))]}"#
    }

    private static func text(_ data: Data) -> String { Base64URL.encode(Array(data)) }

    private static func point(
        _ curve: String, _ parameters: ECDSAParameters?, _ kid: String, _ more: String
    ) -> String {
        func url(_ text: String?) -> String { Base64URL.encode(Array(Data(base64Encoded: text ?? "") ?? Data())) }
        return #"{"kty":"EC","crv":"\#(curve)","kid":"\#(kid)","x":"\#(url(parameters?.x))","#
            + #""y":"\#(url(parameters?.y))"\#(more)}"#
    }
}

/// A key for these tests and for nothing else.
private let rsaPEM = """
    -----BEGIN PRIVATE KEY-----
    MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCirgm0c/pWAaf6
    L3KWIYJdqLCmwRd/aQKRv7H41m9b2ilPGnN0nfASbzNE3sakQg7Xez1jd+IiONcW
    QGIjBuZYVWZQ6E6oj6lXuytldU97Fb9PH8Q0QNpUlXmubH68vXeQW3TKH7aLVD1O
    +jScv3vFjmDgSwJ0m1MI7nVGNPE9RrEH7E4S3Yo+voNCH0KY9kzG/pPXxTB1z1bh
    aG9KtAkAcTyqMFlQBmbHRWVH37PfKYB+YOlDRGwFtTNvHC8bOyVwBa0roVRwl6Cq
    ykAsItKAXX9bjsTzHemtmMhzhyFkJLyvxCFhxTm0+IccMovqe+qkHPS3WdrziOXZ
    a5kj+Wa9AgMBAAECggEAIqy38te5pzVpKYGNigSQdggrxw9nQ8gNPSW/+Is0Zz6k
    CXFY5KV5c2RyaB6X9pEB+toQ5q+56pN0/RAyGscwt+lUCrDJe1JLxSBnCpQroc+r
    3GCoAH9GSjsmGZCUnwQ/hOyJgz+pOB93her85eBGsIA9k/FJD7O/yiqRoqpMNUQR
    sgbtpbF0paTRwkZ8VFVORoA0fWHjNDGbXvn+xcHDzxNxD5lQVYN2ORsbaO4QAYUM
    HlRNZp0d8W46iJEOlOvIR+buNbZnKieVuuPYrqUdlv0vUyqLCAaiQbXayOp1VLt4
    6RNyW0NrSQhJNXu+4Lpaq8N4fOEkQTff88M3reCx3QKBgQDhQj/uIlJlTRiZ3nq3
    ZE1f65sbkMX2cPxFw14x9EzzOVINzcCT8/mpqLWa9DV3VxW1hZZFZxWm5jpnKGuZ
    fKPLfM8p7V+7NKHNl5h8EWWq4+S1qKW6RhA3ywEUZT1cttSA9wub1FKkQ1ldgAiI
    s+Ut3v0NYDrIZ+yjTQEVgz+cewKBgQC44X/ibgWTd85sebixDYWGp6BU5ZX3zfDR
    g7ByAwbJ0Xi5CmRfirZVyQuOglVZqOFiRE53T3bDiXBtCcMqIt0dqY5BxRcCsRtE
    ahZNgYjm9EJHnMZKmyLyvE6ShdzecLZDJukGAcAYDAwELHKmv5eJU3GrxgCTNSmy
    /KlY0NywJwKBgDMk95756/tUJeHJwdMh0u+UbwMzO79Yp+6vDRQKg+41dYvsy2zM
    WENNKu6jw//0pdkxG41memQKofgKFWQkCIyLKf47ByFaMeKcKOMCkDLcy3Dzea1x
    ev0v+m7HDcefO2CMtvYKnzjskb3I9CcVsVNY7du7nZ0i+3eYZEaeJjNBAoGAQc+7
    tz2U7I6sQ3782MHIc0t+Tlo/jSuY+uvWxm7/Xp4bTDs/yabWCyl63KrWeQkd2d4Y
    1G3MCAUHqTjdaUVp0qJFynG/JC0pWKwu7j4bHqN6aIWNLIeW5DNWAOB35BLZPoQ+
    VO4QlD7NlDrCQUtYRQEYKJ5eHAjDpDw+iCgpNucCgYA/Hdh5bDgAFuocALX/d7Li
    uwF8P+pq/cUvlwiZi6YCTMrlkQhwOZ0Pcii16hqAd7fTQu1yV21/plZDcvTVuM6N
    LaUX+KM9ttX/0zMlN/STJOhocXNSiVxtk6dq8N50kVaVI3qx4n02laCc0Hw6wccN
    S/zztO6zC4Bclnrdz38ETQ==
    -----END PRIVATE KEY-----
    """
