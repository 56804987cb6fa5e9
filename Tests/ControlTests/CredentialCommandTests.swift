import Manifests
import Testing

@testable import Control

@Suite("What `swiftlet token` and `swiftlet key` make")
struct CredentialCommandTests {
    private static func manifest(_ keys: JWTKeySource?) -> Manifest {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        manifest.auth = keys.map { AuthSettings(jwt: JWTSettings(keys: $0)) }
        return manifest
    }

    @Test("a token has three parts, ends when it was asked to, and says so as JSON")
    func token() throws {
        let manifest = Self.manifest(.secret(String(repeating: "k", count: 32)))
        let short = try TokenMaker.make(manifest, id: "42", roles: ["admin"], scopes: [], lifetime: .seconds(60))
        let long = try TokenMaker.make(manifest, id: "42", roles: [], scopes: ["a", "b"], lifetime: nil)
        #expect(short.text.split(separator: ".").count == 3)
        #expect((86_338...86_342).contains(long.expires - short.expires))
        let json = String(decoding: short.json(), as: UTF8.self)
        #expect(json == #"{"token":"\#(short.text)","expires":\#(short.expires)}"# + "\n")
    }

    @Test(
        "without a secret there is no token, and a sentence says what to write", arguments: [nil, "https://a.test/k"])
    func noSecret(url: String?) throws {
        let manifest = Self.manifest(url.map { .url($0) })
        let failure = #expect(throws: CommandFailure.self) {
            try TokenMaker.make(manifest, id: "42", roles: [], scopes: [], lifetime: nil)
        }
        #expect(failure?.message.contains("auth: {jwt: {secret:") == true)
    }

    @Test("a key's lines are taken by a manifest as they are")
    func key() throws {
        let key = try MadeKey(name: "reports", roles: ["support"], scopes: ["orders:read"], expires: "2031-01-01")
        let text = "swiftlet: 1\nname: shop\n\(key.manifestLines)\nfunctions:\n  A: {route: GET /, auth: required}\n"
        let loaded = ManifestLoader.load(text: text, path: "manifest.yaml", environment: [:]) { _ in [] }
        let made = try #require(loaded.manifest?.auth?.apiKeys?.keys.first)
        #expect(made.name == "reports")
        #expect(made.roles == ["support"])
        #expect(made.scopes == ["orders:read"])
        #expect(made.expires != nil)
        #expect(key.hash.count == 64)
        #expect(!key.manifestLines.contains(key.text))
        #expect(try MadeKey(name: "reports", roles: [], scopes: [], expires: nil).text != key.text)
    }

    @Test(
        "what the manifest would refuse is refused before a key is shown",
        arguments: [
            ("", nil, "NAME `` must be"), ("a b", nil, "something like `reports`"), (".a", nil, "NAME `.a` must be"),
            ("reports", "tomorrow", "`expires` must be"), ("reports", "2031-02-30", "`expires` must be"),
            ("reports", "2020-01-01", "--expires 2020-01-01 is over"),
        ] as [(String, String?, String)])
    func refused(name: String, expires: String?, sentence: String) {
        let failure = #expect(throws: CommandFailure.self) {
            try MadeKey(name: name, roles: [], scopes: [], expires: expires)
        }
        #expect(failure?.message.contains(sentence) == true)
    }

    @Test("every name that the manifest takes is taken", arguments: ["a", "_a", "9", "a.b-c_d", "true"])
    func name(_ name: String) throws {
        let key = try MadeKey(name: name, roles: [], scopes: [], expires: nil)
        #expect(key.manifestLines.contains(name))
    }
}
