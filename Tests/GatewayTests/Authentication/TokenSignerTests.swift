import JSONCoding
import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Tokens for trying things")
struct TokenSignerTests {
    @Test(
        "a token that is made is accepted, whatever the manifest's names are",
        arguments: [JWTAlgorithm.hs256, .hs384, .hs512])
    func accepted(_ algorithm: JWTAlgorithm) async throws {
        var settings = JWTSettings(keys: .secret(TokenMint.secret), algorithms: [algorithm])
        settings.issuer = "https://issuer.example"
        settings.audience = ["shop", "other"]
        settings.claims.id = ["https://shop.example/id", "sub"]
        settings.claims.roles = ["groups"]
        settings.claims.scopes = ["permissions", "scope"]
        let token = try TokenSigner(settings).token(
            id: "42", roles: ["admin", "support"], scopes: ["users:read", "users:write"],
            unixSeconds: Int64(TokenMint.now))
        let identity = try await AuthFixture(AuthSettings(jwt: settings)).ask(token: token).get()
        #expect(identity.caller.id == "42")
        #expect(identity.caller.roles == ["admin", "support"])
        #expect(identity.caller.scopes == ["users:read", "users:write"])
        #expect(identity.expires == (TokenMint.now + 86_400 + 30) * 1000)
    }

    @Test("it is good for as long as was asked, and has no claims that were not")
    func claims() async throws {
        let signer = try TokenSigner(JWTSettings(keys: .secret(TokenMint.secret)))
        let token = signer.token(id: "42", validFor: .seconds(3600), unixSeconds: Int64(TokenMint.now))
        let fixture = AuthFixture()
        let claims = try #require(await fixture.ask(token: token).caller?.claims)
        #expect(claims == #"{"sub":"42","iat":\#(TokenMint.now),"exp":\#(TokenMint.now + 3600)}"#)
        fixture.now = (TokenMint.now + 3630) * 1000
        #expect(await fixture.reason(token: token) == .expired)
        let long = signer.token(id: "42", validFor: .seconds(Int64.max), unixSeconds: Int64(TokenMint.now))
        #expect(await AuthFixture().reason(token: long) == nil)
    }

    @Test("where there is no secret it says why not")
    func none() {
        func fault(_ settings: JWTSettings?) -> String? {
            do throws(TokenSigner.Fault) {
                _ = try TokenSigner(settings)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(fault(nil)?.contains("no `auth.jwt`") == true)
        #expect(fault(JWTSettings(keys: .url("https://issuer.example")))?.contains("issuer's private key") == true)
        #expect(fault(JWTSettings(keys: .secret("0123456789"), algorithms: [.hs256]))?.contains("too short") == true)
        #expect(fault(JWTSettings(keys: .secret("0123456789")))?.contains("0123456789") == false)
    }
}
