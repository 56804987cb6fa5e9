import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Tokens that are refused (RFC 8725)")
struct TokenRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let token: String
        let reason: RefusalReason

        init(_ name: String, _ token: String, _ reason: RefusalReason) {
            (testDescription, self.token, self.reason) = (name, token, reason)
        }

        /// A token with this header, rightly signed by the secret.
        static func header(_ header: String, _ reason: RefusalReason) -> Case {
            Case(header, TokenMint.hs256(TokenMint.claims(), header: header), reason)
        }

        /// A token with this payload, rightly signed by the secret.
        static func payload(_ payload: String, _ reason: RefusalReason) -> Case {
            Case(payload, TokenMint.hs256(payload), reason)
        }
    }

    static let good = TokenMint.hs256(TokenMint.claims())
    static let parts = good.split(separator: ".").map(String.init)

    static let headers: [Case] = [
        .header(#"{"alg":"none"}"#, .unsigned), .header(#"{"alg":"None"}"#, .unsigned),
        .header(#"{"alg":"NONE"}"#, .unsigned), .header(#"{"alg":"nOnE"}"#, .unsigned),
        .header(#"{"typ":"JWT"}"#, .unsigned), .header(#"{"alg":null}"#, .unsigned),
        .header(#"{"alg":["HS256"]}"#, .unsigned), .header(#"{"alg":""}"#, .algorithm),
        .header(#"{"alg":"hs256"}"#, .algorithm), .header(#"{"alg":"HS384"}"#, .algorithm),
        .header(#"{"alg":"RS256"}"#, .algorithm), .header(#"{"alg":"HS256 "}"#, .algorithm),
        .header(#"{"alg":"none","alg":"HS256"}"#, .malformed), .header(#"{"alg":"HS256","alg":"HS256"}"#, .malformed),
        .header(#"{"alg":"HS256","\u0061lg":"none"}"#, .malformed),
        .header(#"{"alg":"HS256","crit":["exp"]}"#, .critical), .header(#"{"alg":"HS256","crit":[]}"#, .critical),
        .header(#"{"alg":"HS256","crit":null}"#, .critical),
        .header(#"{"alg":"HS256","b64":false}"#, .critical),
        .header(#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, .critical),
        .header(#"{"alg":"HS256","b64":"false"}"#, .critical),
        .header(#"{"alg":"HS256","kid":["a"]}"#, .keyID), .header(#"{"alg":"HS256","kid":1}"#, .keyID),
        .header(#"{"alg":"HS256","kid":{"a":1}}"#, .keyID), .header(#"{"alg":"HS256","kid":null}"#, .keyID),
        .header(#"{"alg":"HS256","typ":"dpop+jwt"}"#, .type), .header(#"{"alg":"HS256","typ":"JOSE"}"#, .type),
        .header(#"{"alg":"HS256","typ":7}"#, .type), .header(#"["HS256"]"#, .malformed), .header("HS256", .malformed),
        .header("", .malformed), .header("\u{FEFF}{\"alg\":\"HS256\"}", .malformed),
        .header("{\"alg\":\"HS256\"}\0", .malformed),
    ]

    static let shapes: [Case] = [
        Case("no signature", parts[0] + "." + parts[1], .malformed),
        Case("a stripped signature", parts[0] + "." + parts[1] + ".", .signature),
        Case("none and no signature", TokenMint.unsigned(#"{"alg":"none"}"#, TokenMint.claims()) + ".", .unsigned),
        Case("one part", parts[0], .malformed), Case("four parts", good + ".x", .malformed),
        Case("five parts", good + "." + parts[1] + "." + parts[2], .encrypted),
        Case("six parts", good + ".a.b.c", .malformed), Case("periods", "....", .encrypted),
        Case("two periods", "..", .malformed), Case("many periods", String(repeating: ".", count: 8000), .malformed),
        Case("padding", parts[0] + "." + parts[1] + "." + parts[2] + "=", .malformed),
        Case("standard base64", "+" + good, .malformed), Case("a space", good + " ", .malformed),
        Case("a space inside", parts[0] + ". " + parts[1] + "." + parts[2], .malformed),
        Case("bits left over", parts[0] + "." + parts[1] + "." + String(parts[2].dropLast()) + "_", .malformed),
        Case("two in one", good + "," + good, .encrypted), Case("not ASCII", "é" + good, .malformed),
        Case("8193 bytes", String(repeating: "a", count: 8193), .tooLong),
        Case("60,000 bytes", String(repeating: "a", count: 60_000), .tooLong),
        Case(
            "a changed payload",
            parts[0] + "." + TokenMint.unsigned("", TokenMint.claims(#""sub":"1""#)).dropFirst() + "." + parts[2],
            .signature),
        Case(
            "a changed signature",
            parts[0] + "." + parts[1] + "." + (parts[2].hasPrefix("A") ? "B" : "A") + parts[2].dropFirst(), .signature),
        Case("a short signature", parts[0] + "." + parts[1] + "." + parts[2].prefix(20), .signature),
        Case(
            "another secret", TokenMint.hs256(TokenMint.claims(), secret: String(TokenMint.secret.reversed())),
            .signature),
        Case("no secret", TokenMint.hs256(TokenMint.claims(), secret: ""), .signature),
    ]

    static let now = TokenMint.now
    static let times: [Case] = [
        .payload(#"{"sub":"42"}"#, .noExpiry), .payload(#"{"exp":null}"#, .claims),
        .payload(#"{"exp":"\#(now + 60)"}"#, .claims), .payload(#"{"exp":true}"#, .claims),
        .payload(#"{"exp":[\#(now + 60)]}"#, .claims), .payload(#"{"exp":1e400}"#, .claims),
        .payload(#"{"exp":-1}"#, .expired), .payload(#"{"exp":0}"#, .expired), .payload(#"{"exp":-1e300}"#, .expired),
        .payload(#"{"exp":\#(now - 30)}"#, .expired), .payload(#"{"exp":\#(now - 31)}"#, .expired),
        .payload(#"{"exp":\#(now - 31).999}"#, .expired),
        .payload(#"{"exp":\#(now + 60),"nbf":\#(now + 31)}"#, .notYetValid),
        .payload(#"{"exp":\#(now + 60),"nbf":1e300}"#, .notYetValid),
        .payload(#"{"exp":\#(now + 60),"nbf":99999999999999999999999999}"#, .notYetValid),
        .payload(#"{"exp":\#(now + 60),"nbf":"0"}"#, .claims), .payload(#"{"exp":\#(now + 60),"nbf":null}"#, .claims),
        .payload(#"{"exp":\#(now + 60),"iat":\#(now + 31)}"#, .issuedLater),
        .payload(#"{"exp":\#(now + 60),"iat":18446744073709551615}"#, .issuedLater),
        .payload(#"{"exp":\#(now + 60),"iat":"yesterday"}"#, .claims),
        .payload(#"{"exp":1,"exp":\#(now + 60)}"#, .malformed),
        .payload(#"{"exp":\#(now + 60),"sub":"1","sub":"2"}"#, .malformed),
        .payload(#"{"exp":\#(now + 60),"a":{"b":1,"b":2}}"#, .malformed),
        .payload("[\(now + 60)]", .malformed), .payload("\"\(now + 60)\"", .malformed), .payload("", .malformed),
        .payload(String(repeating: "[", count: 5000), .malformed),
        .payload(#"{"exp":\#(now + 60),"sub":"\ud800"}"#, .malformed),
        .payload(#"{"exp":\#(now + 60),"sub":""}"#, .claims), .payload(#"{"exp":\#(now + 60),"sub":{"a":1}}"#, .claims),
        .payload(#"{"exp":\#(now + 60),"sub":["1"]}"#, .claims), .payload(#"{"exp":\#(now + 60),"sub":true}"#, .claims),
    ]

    @Test("by their header", arguments: headers)
    func header(_ one: Case) async { await Self.check(one) }

    @Test("by their shape or signature", arguments: shapes)
    func shape(_ one: Case) async { await Self.check(one) }

    @Test("by their claims", arguments: times)
    func claims(_ one: Case) async { await Self.check(one) }

    private static func check(_ one: Case) async {
        let fixture = AuthFixture()
        let outcome = await fixture.ask(token: one.token)
        #expect(outcome.reason == one.reason)
        #expect(outcome.code == "INVALID_TOKEN")
        #expect(outcome.challenges == [#"Bearer realm="shop", error="invalid_token""#])
        // What was refused is not remembered, and a good token still is good.
        #expect(fixture.memory.count == 0)
        #expect(await fixture.reason(token: good) == nil)
    }

    @Test("only a wrong signature costs a signature check")
    func cost() async {
        let fixture = AuthFixture()
        for one in Self.headers + Self.times where one.reason != .claims { _ = await fixture.ask(token: one.token) }
        #expect(fixture.verifications == 0)
    }

    @Test(
        "by issuer and audience",
        arguments: [
            (#""iss":"https://a","aud":"shop""#, nil), (#""iss":"https://a","aud":["x","shop"]"#, nil),
            (#""iss":"https://a","aud":["admin"]"#, nil),
            (#""aud":"shop""#, .issuer), (#""iss":"https://a/","aud":"shop""#, .issuer),
            (#""iss":"https://","aud":"shop""#, .issuer), (#""iss":"https://a.evil.example","aud":"shop""#, .issuer),
            (#""iss":"HTTPS://A","aud":"shop""#, .issuer), (#""iss":["https://a"],"aud":"shop""#, .issuer),
            (#""iss":"https://a""#, .audience), (#""iss":"https://a","aud":"shopping""#, .audience),
            (#""iss":"https://a","aud":"sho""#, .audience), (#""iss":"https://a","aud":[]"#, .audience),
            (#""iss":"https://a","aud":{"shop":1}"#, .audience), (#""iss":"https://a","aud":["shop",1]"#, .audience),
            (#""iss":"https://a","aud":[["shop"]]"#, .audience), (#""iss":"https://a","aud":"shop admin""#, .audience),
        ] as [(String, RefusalReason?)])
    func parties(_ members: String, _ reason: RefusalReason?) async {
        let fixture = AuthFixture {
            $0.issuer = "https://a"
            $0.audience = ["shop", "admin"]
        }
        #expect(await fixture.reason(token: TokenMint.hs256(TokenMint.claims(members))) == reason)
    }

    @Test("a good token with any one character changed, left out or added is refused")
    func mutated() async {
        let fixture = AuthFixture()
        let characters = Array(Self.good.utf8)
        for place in characters.indices {
            for other in [UInt8(ascii: "A"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "="), 0x20, 0x80, 0]
            where other != characters[place] {
                var changed = characters
                changed[place] = other
                #expect(await fixture.ask(Self.bearer(changed)).code == "INVALID_TOKEN")
            }
            var shorter = characters
            shorter.remove(at: place)
            #expect(await fixture.ask(Self.bearer(shorter)).code == "INVALID_TOKEN")
            var longer = characters
            longer.insert(UInt8(ascii: "A"), at: place)
            #expect(await fixture.ask(Self.bearer(longer)).code == "INVALID_TOKEN")
        }
        #expect(fixture.memory.count == 0)
    }

    private static func bearer(_ token: [UInt8]) -> HeaderList {
        var headers = HeaderList()
        (Array("Bearer ".utf8) + token).withUnsafeBytes { _ = headers.append("authorization", $0) }
        return headers
    }

    @Test("reasons and their sentences are different from each other, and none says too much")
    func sentences() {
        #expect(Set(RefusalReason.allCases.map(\.sentence)).count == RefusalReason.allCases.count)
    }
}
