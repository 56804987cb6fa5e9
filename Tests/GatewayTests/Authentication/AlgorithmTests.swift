import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Algorithms and keys")
struct AlgorithmTests {
    static let asymmetric = JWTAlgorithm.allCases.filter { !$0.isSymmetric }

    private static func settings(_ document: String, _ algorithms: [JWTAlgorithm]) -> AuthSettings {
        var jwt = JWTSettings(keys: .document(document), algorithms: algorithms)
        jwt.issuer = "me"
        jwt.audience = ["shop"]
        return AuthSettings(jwt: jwt)
    }

    private static let claims = TokenMint.claims(#""sub":"42","iss":"me","aud":"shop""#)

    @Test("a secret verifies its three algorithms", arguments: [JWTAlgorithm.hs256, .hs384, .hs512])
    func secrets(_ algorithm: JWTAlgorithm) async throws {
        let fixture = AuthFixture { $0.algorithms = [algorithm] }
        let signer = try await TestKeys.shared.get().signer(algorithm)
        let token = try TokenMint.signed(#"{"alg":"\#(algorithm.rawValue)"}"#, TokenMint.claims(), signer)
        #expect(await fixture.ask(token: token).caller?.id == "42")
        #expect(fixture.memory.count == 1)
    }

    @Test("a secret that is too short for an algorithm does not verify it, and ends nothing")
    func shortSecret() async throws {
        let fixture = AuthFixture(secret: String(TokenMint.secret.prefix(32))) { $0.algorithms = [.hs512, .hs256] }
        let signer = try await TestKeys.shared.get().signer(.hs512)
        let token = try TokenMint.signed(#"{"alg":"HS512"}"#, TokenMint.claims(), signer)
        #expect(await fixture.reason(token: token) == .algorithm)
    }

    @Test("a key of a set verifies its algorithm", arguments: asymmetric)
    func keySets(_ algorithm: JWTAlgorithm) async throws {
        let keys = try TestKeys.shared.get()
        let header = #"{"alg":"\#(algorithm.rawValue)","kid":"one","typ":"at+jwt"}"#
        let token = try TokenMint.signed(header, Self.claims, try await keys.signer(algorithm))
        let fixture = AuthFixture(Self.settings(try keys.set([(algorithm, "one")]), [algorithm]))
        #expect(await fixture.ask(token: token).caller?.id == "42")
        // Once more, from memory.
        #expect(await fixture.ask(token: token).caller?.id == "42")
        #expect(fixture.verifications == 1)
        // With one bit of the signature changed.
        let place = token.index(token.endIndex, offsetBy: -20)
        var changed = token
        changed.replaceSubrange(place...place, with: token[place] == "A" ? "B" : "A")
        #expect(await fixture.reason(token: changed) == .signature)
    }

    @Test("each algorithm is refused for the key of each other", arguments: asymmetric)
    func others(_ algorithm: JWTAlgorithm) async throws {
        let keys = try TestKeys.shared.get()
        for other in Self.asymmetric where other != algorithm {
            let header = #"{"alg":"\#(other.rawValue)","kid":"one"}"#
            let token = try TokenMint.signed(header, Self.claims, try await keys.signer(algorithm))
            // The set's key names its algorithm; the manifest allows all.
            let set = #"{"keys":[\#(try keys.jwk(algorithm, kid: "one", more: #","alg":"\#(algorithm.rawValue)""#))]}"#
            let fixture = AuthFixture(Self.settings(set, Self.asymmetric))
            #expect(await fixture.reason(token: token) == .algorithm)
        }
    }

    @Test("a public key is never a secret", arguments: [JWTAlgorithm.rs256, .es256, .edDSA])
    func confusion(_ algorithm: JWTAlgorithm) async throws {
        let keys = try TestKeys.shared.get()
        let publicPEM =
            switch algorithm {
            case .rs256: keys.rsa.publicKey.pemRepresentation
            case .es256: keys.p256.publicKey.pemRepresentation
            default: keys.edDSA.publicKey.pemRepresentation
            }
        let set = try keys.set([(algorithm, "one")])
        for secret in [publicPEM, publicPEM + "\n", set] {
            let signed = TokenMint.unsigned(#"{"alg":"HS256","kid":"one"}"#, Self.claims)
            let token = TokenMint.sealed(signed, secret: Array(secret.utf8))
            for document in [set, publicPEM] {
                // Even where the manifest's list has both, as no checked manifest does.
                for list in [[algorithm], [algorithm, .hs256]] {
                    let fixture = AuthFixture(Self.settings(document, list))
                    #expect(await fixture.reason(token: token) == .algorithm)
                }
            }
        }
    }

    @Test("an ECDSA signature of zeros is refused", arguments: [JWTAlgorithm.es256, .es384, .es512])
    func zeros(_ algorithm: JWTAlgorithm) async throws {
        let keys = try TestKeys.shared.get()
        let fixture = AuthFixture(Self.settings(try keys.set([(algorithm, "one")]), [algorithm]))
        let signed = TokenMint.unsigned(#"{"alg":"\#(algorithm.rawValue)","kid":"one"}"#, Self.claims)
        for length in [64, 96, 132, 8, 1] {
            let zeros = Base64URL.encode([UInt8](repeating: 0, count: length))
            #expect(await fixture.reason(token: signed + "." + zeros) == .signature)
        }
    }

    @Test("keys and addresses in a token's header are not looked at")
    func embedded() async throws {
        let keys = try TestKeys.shared.get()
        let foreign = try keys.jwk(.es256, kid: "one")
        let extras = [
            #""jwk":\#(foreign)"#, #""jku":"http://evil.example/keys""#, #""x5u":"http://evil.example/cert""#,
            #""x5c":["AAAA"]"#,
        ]
        let fixture = AuthFixture(Self.settings(try keys.set([(.rs256, "one")]), [.rs256, .es256]))
        for extra in extras {
            let good = #"{"alg":"RS256","kid":"one",\#(extra)}"#
            #expect(
                await fixture.reason(token: try TokenMint.signed(good, Self.claims, try await keys.signer(.rs256)))
                    == nil)
            let bad = #"{"alg":"ES256","kid":"one",\#(extra)}"#
            #expect(
                await fixture.reason(token: try TokenMint.signed(bad, Self.claims, try await keys.signer(.es256)))
                    == .algorithm)
        }
    }

    @Test(
        "a key id is for looking up and nothing else",
        arguments: [
            "../../../../dev/null", "/etc/passwd", "' OR 1=1 --", "one' UNION SELECT 'x", "one\\u0000", "ONE", "on",
            "|id", "http://evil.example", "",
        ])
    func keyIDs(_ id: String) async throws {
        let keys = try TestKeys.shared.get()
        let fixture = AuthFixture(Self.settings(try keys.set([(.es256, "one"), (.es384, "two")]), [.es256, .es384]))
        let signer = try await keys.signer(.es256)
        let token = try TokenMint.signed(#"{"alg":"ES256","kid":"\#(id)"}"#, Self.claims, signer)
        #expect(await fixture.reason(token: token) == .unknownKey)
        let wrong = try TokenMint.signed(#"{"alg":"ES256","kid":"two"}"#, Self.claims, signer)
        #expect(await fixture.reason(token: wrong) == .algorithm)
        let without = try TokenMint.signed(#"{"alg":"ES256"}"#, Self.claims, signer)
        #expect(await fixture.reason(token: without) == nil)
    }

    @Test("a token without a key id is for nobody where two keys would do")
    func ambiguous() async throws {
        let keys = try TestKeys.shared.get()
        let other =
            #"{"kty":"EC","crv":"P-256","kid":"b","x":"04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY","#
            + #""y":"UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw"}"#
        let set = #"{"keys":[\#(try keys.jwk(.es256, kid: "a")),\#(other)]}"#
        let fixture = AuthFixture(Self.settings(set, [.es256]))
        let signer = try await keys.signer(.es256)
        #expect(
            await fixture.reason(token: try TokenMint.signed(#"{"alg":"ES256"}"#, Self.claims, signer)) == .unknownKey)
        #expect(
            await fixture.reason(token: try TokenMint.signed(#"{"alg":"ES256","kid":"a"}"#, Self.claims, signer)) == nil
        )
    }

    @Test("public keys in PEM form verify, one after the other")
    func pem() async throws {
        let keys = try TestKeys.shared.get()
        let pems = [
            keys.rsa.publicKey.pemRepresentation, keys.p256.publicKey.pemRepresentation,
            keys.p384.publicKey.pemRepresentation, keys.edDSA.publicKey.pemRepresentation,
        ]
        let fixture = AuthFixture(
            Self.settings(pems.joined(separator: "\n"), [.rs256, .ps256, .es256, .es384, .edDSA]))
        for algorithm in [JWTAlgorithm.rs256, .ps256, .es256, .es384, .edDSA] {
            let header = #"{"alg":"\#(algorithm.rawValue)","kid":"whatever"}"#
            let token = try TokenMint.signed(header, Self.claims, try await keys.signer(algorithm))
            #expect(await fixture.reason(token: token) == nil)
        }
        let foreign = try TokenMint.signed(#"{"alg":"ES512"}"#, Self.claims, try await keys.signer(.es512))
        #expect(await fixture.reason(token: foreign) == .algorithm)
        #expect(PEMBlocks.publicKeys(in: pems.joined(separator: "\r\n")).count == 4)
    }
}
