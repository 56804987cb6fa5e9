import Manifests
import Testing

@testable import Control

/// Where `swiftlet invoke --live` asks, and as whom.
@Suite struct LiveInvocationTests {
    @Test(
        "the first address that one can connect to over TCP",
        arguments: [
            (["127.0.0.1:8080"], "http://127.0.0.1:8080"), (["0.0.0.0:80"], "http://127.0.0.1:80"),
            (["unix:/run/a.sock", "[::]:81"], "http://[::1]:81"), (["[fd00::1]:82"], "http://[fd00::1]:82"),
            (["127.0.0.1:0"], nil), (["unix:/run/a.sock"], nil), ([], nil),
        ] as [([String], String?)])
    func base(addresses: [String], expected: String?) {
        #expect(LiveInvocation.base(of: addresses.compactMap { ListenAddress($0) }) == expected)
    }

    @Test("a caller becomes a token; nobody none")
    func token() throws {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        manifest.auth = AuthSettings(jwt: JWTSettings(keys: .secret(String(repeating: "k", count: 32))))
        var request = InvocationRequest()
        #expect(try LiveInvocation.token(for: request, manifest) == nil)
        request.identity = "42"
        request.roles = ["admin"]
        let token = try #require(try LiveInvocation.token(for: request, manifest))
        #expect(token.split(separator: ".").count == 3)
    }

    @Test("a role of nobody, and a second credential, are wrong usage")
    func usage() throws {
        let manifest = Manifest(name: "shop", directory: "/srv/shop")
        var nobody = InvocationRequest()
        nobody.roles = ["admin"]
        var twice = InvocationRequest()
        twice.identity = "42"
        twice.headers = [("Authorization", "Bearer x")]
        for request in [nobody, twice] {
            let failure = #expect(throws: CommandFailure.self) {
                try LiveInvocation.token(for: request, manifest)
            }
            #expect(failure?.isUsage == true)
        }
    }
}
