import Crypto
import Foundation
import Synchronization
import TestSupport
import Testing

/// Tokens of an issuer whose keys are fetched.
@Suite(.timeLimit(.minutes(2))) struct KeySetTests {
    /// An issuer with its keys.
    final class Issuer: Sendable {
        let keys = Mutex<[String: P256.Signing.PrivateKey]>(["first": P256.Signing.PrivateKey()])

        /// The key set as the issuer serves it (RFC 7517).
        var set: String {
            let all = keys.withLock { keys in
                keys.map { id, key in
                    let point = key.publicKey.rawRepresentation
                    return #"{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"\#(id)","#
                        + #""x":"\#(Self.text(point.prefix(32)))","y":"\#(Self.text(point.suffix(32)))"}"#
                }
            }
            return #"{"keys":[\#(all.joined(separator: ","))]}"#
        }

        /// A token of this issuer's for the shop.
        func token(by id: String, key: P256.Signing.PrivateKey? = nil, audience: String = "shop") throws -> String {
            let now = Int(Date().timeIntervalSince1970)
            let head = Self.text(Data(#"{"alg":"ES256","typ":"JWT","kid":"\#(id)"}"#.utf8))
            let claims = #"{"sub":"7","iss":"https://issuer.test","aud":"\#(audience)","exp":\#(now + 600)}"#
            let signed = head + "." + Self.text(Data(claims.utf8))
            let signer = try #require(key ?? keys.withLock { $0[id] })
            return signed + "." + Self.text(try signer.signature(for: Data(signed.utf8)).rawRepresentation)
        }

        private static func text(_ data: Data) -> String {
            data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
    }

    private func status(_ served: ServedAPI, _ token: String) throws -> Int {
        try served.client().get("/hello", headers: ["Authorization: Bearer \(token)"]).status
    }

    @Test(
        "keys are fetched once, a new one is found, a stranger's is refused, and an issuer that is away is not missed")
    func issuer() throws {
        let issuer = Issuer()
        let server = try RatesServer { _ in RatesServer.answer(issuer.set) }
        let served = try ServedAPI(
            functions: "  Hello: {route: GET /hello, auth: required}",
            top: "auth: {jwt: {jwks: \"\(server.url)/keys\", issuer: \"https://issuer.test\", audience: shop, "
                + "algorithms: [ES256]}}")
        let good = try issuer.token(by: "first")
        #expect(try status(served, good) == 200)
        #expect(try status(served, good) == 200)
        #expect(server.requests == ["GET /keys HTTP/1.1"])
        #expect(try status(served, issuer.token(by: "first", key: P256.Signing.PrivateKey())) == 401)
        #expect(try status(served, issuer.token(by: "first", audience: "others")) == 401)
        #expect(server.requests.count == 1)

        issuer.keys.withLock { $0["second"] = P256.Signing.PrivateKey() }
        #expect(try status(served, issuer.token(by: "second")) == 200)
        #expect(server.requests.count == 2)
        // Unknown keys do not make anybody fetch as often as they like.
        for _ in 0..<20 {
            #expect(try status(served, issuer.token(by: "nobody", key: P256.Signing.PrivateKey())) == 401)
        }
        #expect(server.requests.count <= 3)

        server.stop()
        #expect(try status(served, good) == 200)
        #expect(try status(served, issuer.token(by: "second", audience: "shop")) == 200)
        #expect(!served.log.contains(good))
    }

    @Test("without any key set tokens are 503, never 401, and the rest is served")
    func never() throws {
        let server = try RatesServer { _ in "" }
        let url = server.url
        server.stop()
        let served = try ServedAPI(
            functions: """
                  Hello: {route: GET /hello, auth: required}
                  Open: {run: {swift: Hello}, route: GET /open}
                """,
            top: "auth: {jwt: {jwks: \"\(url)/keys\", issuer: \"https://issuer.test\", audience: shop, "
                + "algorithms: [ES256]}}")
        let answer = try served.client().get(
            "/hello", headers: ["Authorization: Bearer \(try Issuer().token(by: "first"))"])
        #expect(answer.status == 503)
        #expect(try answer.errorCode() == "AUTH_UNAVAILABLE")
        #expect(answer.header("retry-after") != nil)
        #expect(try served.client().get("/hello").status == 401)
        #expect(try served.client().get("/open").status == 200)
    }
}
