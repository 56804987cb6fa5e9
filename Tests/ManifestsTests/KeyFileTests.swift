import Testing

@testable import Manifests

@Suite("Files of keys")
struct KeyFileTests {
    @Test(
        "a key set and a public key in PEM form are taken as they are",
        arguments: [
            #"{"keys": []}"#, "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----",
            "\n  -----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----",
        ])
    func taken(_ text: String) throws {
        let loaded = Fixtures.load(
            """
            swiftlet: 1
            name: shop
            auth: {jwt: {jwks: {file: keys}, issuer: me, audience: shop, algorithms: [EdDSA]}}
            functions:
              GetUser: {route: "GET /users/{id}", auth: required}
            """, files: ["/srv/shop/keys": text])
        #expect(loaded.diagnostics.isEmpty)
        let manifest = try #require(loaded.manifest)
        #expect(manifest.auth?.jwt?.keys == .document(text))
    }
}
