import Manifests
import Testing

@testable import Gateway

@Suite("Key sets (RFC 7517)")
struct KeySetTests {
    static let all = JWTAlgorithm.allCases
    static let point =
        #""kty":"EC","crv":"P-256","x":"04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY","#
        + #""y":"UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw""#

    private static func set(_ keys: String...) throws -> KeySet {
        try KeySet(json: Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8), allowed: all)
    }

    private static func fault(_ json: String, _ allowed: [JWTAlgorithm] = all) -> String? {
        do throws(KeySet.Fault) {
            _ = try KeySet(json: Array(json.utf8), allowed: allowed)
            return nil
        } catch {
            return error.sentence
        }
    }

    @Test(
        "a broken key is left out with a reason, and the others stay",
        arguments: [
            ("7", "it is not an object"), ("{}", "its kind or curve is not known"),
            (#"{"kty":7}"#, "its `kty` is not text"), (#"{"kid":7,\#(point)}"#, "its `kid` is not text"),
            (#"{"use":"enc",\#(point)}"#, "it is not for signatures"),
            (#"{"use":["sig"],\#(point)}"#, "its `use` is not text"),
            (#"{"key_ops":["encrypt"],\#(point)}"#, "it is not for signatures"),
            (#"{"key_ops":"verify",\#(point)}"#, "it is not for signatures"),
            (#"{"alg":"ES384",\#(point)}"#, "it serves none of the manifest's algorithms"),
            (#"{"alg":"none",\#(point)}"#, "it serves none of the manifest's algorithms"),
            (#"{"d":"AQAB",\#(point)}"#, "it is private, and was published"),
            (#"{"kty":"oct","k":"AQABAQABAQABAQABAQABAQABAQABAQABAQABAQABAQA"}"#, "it is a secret, and was published"),
            (#"{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}"#, "its point has not 32 bytes a coordinate"),
            (#"{"kty":"EC","crv":"P-256","x":"AQAB"}"#, "its `y` is missing or not base64url"),
            (#"{"kty":"EC","crv":"P-256","x":"=","y":"AQAB"}"#, "its `x` is missing or not base64url"),
            (#"{"kty":"EC","crv":"secp256k1","x":"AQAB","y":"AQAB"}"#, "its kind or curve is not known"),
            (
                #"{"kty":"EC","crv":"P-256","x":"04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY","y":"#
                    + #""UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgnw"}"#, "it is not a valid key"
            ),
            (#"{"kty":"OKP","crv":"Ed25519","x":"AQAB"}"#, "its `x` has not 32 bytes"),
            (#"{"kty":"OKP","crv":"X25519","x":"AQAB"}"#, "its kind or curve is not known"),
            (#"{"kty":"RSA","n":"","e":"AQAB"}"#, "its `n` is missing or not base64url"),
            (#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, "its modulus has fewer than 2048 bits"),
            (#"{"kty":"RSA","n":"AAAA","e":"AQAB"}"#, "its modulus is empty"),
        ])
    func skipped(_ key: String, _ reason: String) throws {
        let set = try Self.set(key, #"{"kid":"good",\#(Self.point)}"#)
        #expect(set.keys.count == 1)
        #expect(set.skipped == ["key 1: \(reason)"])
    }

    @Test("RSA keys that are too short, too long, even or with a bad exponent are refused")
    func rsa() {
        let odd: [UInt8] = [0x80] + [UInt8](repeating: 0x55, count: 254) + [0x01]
        #expect(RSARules.fault(modulus: odd, exponent: [1, 0, 1]) == nil)
        #expect(RSARules.fault(modulus: [0, 0] + odd, exponent: [0, 3]) == nil)
        #expect(RSARules.fault(modulus: [0x7F] + odd.dropFirst(), exponent: [3])?.contains("fewer") == true)
        #expect(RSARules.fault(modulus: odd.dropLast() + [0], exponent: [3])?.contains("even") == true)
        for exponent in [[], [0], [1], [2], [0, 1], [1, 0, 0]] as [[UInt8]] {
            #expect(RSARules.fault(modulus: odd, exponent: exponent)?.contains("exponent") == true)
        }
        #expect(RSARules.fault(modulus: odd, exponent: [1, 0, 0, 0, 1])?.contains("32 bits") == true)
        let long: [UInt8] = [1] + [UInt8](repeating: 0x55, count: 1024)
        #expect(RSARules.fault(modulus: long, exponent: [3])?.contains("more than 8192") == true)
    }

    @Test(
        "what is no set is refused as a whole",
        arguments: [
            ("", "not JSON"), ("[]", "no `keys`"), ("{}", "no `keys`"), (#"{"keys":{}}"#, "no `keys`"),
            (#"{"keys":[]}"#, "no key to use"), (#"{"keys":[],"keys":[]}"#, "twice"), ("<html>", "not JSON"),
            (#"{"keys":[{"kty":"RSA","kty":"EC"}]}"#, "twice"), (#"{"keys":[{}]}"#, "no key to use; key 1"),
            (String(repeating: "[", count: 100_000), "not JSON"),
        ])
    func refused(_ json: String, _ part: String) {
        #expect(Self.fault(json)?.contains(part) == true)
    }

    @Test("a set of ten megabytes is refused unread, and of a thousand keys a hundred are read")
    func large() throws {
        let padding = String(repeating: " ", count: 10 << 20)
        #expect(Self.fault(#"{"keys":[{\#(Self.point)}]}"# + padding) == "the key set is longer than 1 MiB")
        let many = (0..<1000).map { #"{"kid":"\#($0)","use":"sig",\#(Self.point)}"# }.joined(separator: ",")
        let set = try KeySet(json: Array(#"{"keys":[\#(many)]}"#.utf8), allowed: Self.all)
        #expect(set.keys.count == 100)
        #expect(set.skipped == ["the keys after the first 100: the set has 1000"])
    }

    @Test("two keys with one id are both left out, unless they are the same or for different algorithms")
    func doubled() throws {
        let keys = try TestKeys.shared.get()
        let mine = try keys.jwk(.es256, kid: "a")
        let set = try Self.set(mine, #"{"kid":"a",\#(Self.point)}"#, try keys.jwk(.es384, kid: "b"))
        #expect(set.keys.map(\.algorithms) == [[.es384]])
        #expect(set.skipped.count == 2)

        let same = try Self.set(mine, mine, mine)
        #expect(same.keys.count == 1 && same.skipped.isEmpty)

        let different = try Self.set(mine, try keys.jwk(.rs256, kid: "a"))
        #expect(different.keys.count == 2 && different.skipped.isEmpty)

        let nameless = try Self.set("{\(Self.point)}", "{\(Self.point)}")
        #expect(nameless.keys.count == 2)
    }

    @Test("a key serves what it fits, what it says and what the manifest allows")
    func algorithms() throws {
        let keys = try TestKeys.shared.get()
        let rsa = try keys.jwk(.rs256, kid: "a")
        let allowed: [JWTAlgorithm] = [.hs256, .ps256, .rs256, .es256]
        #expect(
            try KeySet(json: Array(#"{"keys":[\#(rsa)]}"#.utf8), allowed: allowed).keys[0].algorithms == [
                .rs256, .ps256,
            ])
        let one = try keys.jwk(.rs256, kid: "a", more: #","alg":"PS256","use":"sig","key_ops":["verify"]"#)
        #expect(try Self.set(one).keys[0].algorithms == [.ps256])
    }

    @Test("the keys beside a manifest are judged when it is loaded")
    func problems() {
        func problem(_ source: JWTKeySource, _ algorithms: [JWTAlgorithm]) -> String? {
            Authenticator.problem(in: JWTSettings(keys: source, algorithms: algorithms))
        }
        #expect(problem(.secret(TokenMint.secret), [.hs256]) == nil)
        #expect(problem(.secret("short"), [.hs256]) == "the secret is too short for the manifest's algorithms")
        #expect(problem(.url("https://issuer.example"), [.rs256]) == nil)
        #expect(problem(.document(#"{"keys":[{\#(Self.point)}]}"#), [.es256]) == nil)
        #expect(problem(.document(#"{"keys":[{\#(Self.point)}]}"#), [.rs256])?.contains("no key to use") == true)
        #expect(problem(.document("-----BEGIN CERTIFICATE-----"), [.rs256]) == "the PEM file has no public key")
        let broken = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
        #expect(problem(.document(broken), [.rs256]) == "public key 1 of the PEM file is not a valid key")
        #expect(problem(.document(String(repeating: broken, count: 5)), [.rs256])?.contains("four") == true)
    }

    @Test(
        "how long a set is fresh",
        arguments: [
            (nil, 600), ("", 600), ("public", 600), ("max-age=300", 300), ("public, max-age=300, must-revalidate", 300),
            ("max-age=0", 60), ("max-age=59", 60), ("max-age=86400", 3600), ("MAX-AGE=120", 120),
            ("max-age=\"120\"", 120), ("max-age=-1", 60), ("max-age=x", 60), ("max-age=99999999999999999999", 60),
            ("no-store", 60), ("no-cache, max-age=3000", 60), ("max-age", 600), (",,=,", 600),
        ] as [(String?, UInt64)])
    func freshness(_ control: String?, _ seconds: UInt64) {
        #expect(FetchedKeySet(body: [], cacheControl: control).freshSeconds == seconds)
    }
}
