import Testing
import WireProtocol

@testable import Gateway

@Suite("Pages by cursor")
struct CursorTests {
    private static func reply(next: String?) -> Reply {
        Reply(kind: .cursorPage(next: next), body: Array("[1,2]".utf8))
    }

    @Test("a cursor leads on from where the last page ended, and the last page has none")
    func walk() throws {
        let fixture = GatewayFixture()
        let first = try fixture.send(
            .get, "/api/events?kind=x&limit=2", reply: Self.reply(next: "2026-11-21/42"))
        #expect(fixture.invoker.calls[0].invocation.page == .cursor(after: nil, limit: 2))
        let marker = #""nextCursor":""#
        let rest = first.text[try #require(first.text.firstRange(of: marker)).upperBound...]
        let cursor = String(rest.prefix { $0 != "\"" })
        #expect(
            first.text == #"{"data":[1,2],"pagination":{"limit":2,"nextCursor":"\#(cursor)","hasNext":true}}"#
        )
        #expect(
            first.headers["link"] == "</api/events?kind=x&limit=2>; rel=\"first\", "
                + "</api/events?kind=x&limit=2&cursor=\(cursor)>; rel=\"next\"")
        #expect(!cursor.contains("42"))

        let second = try fixture.send(
            .get, "/api/events?kind=x&limit=2&cursor=\(cursor)", reply: Self.reply(next: nil))
        #expect(fixture.invoker.calls[1].invocation.page == .cursor(after: "2026-11-21/42", limit: 2))
        #expect(fixture.invoker.calls[1].invocation.query == [.init("kind", "x")])
        #expect(second.text == #"{"data":[1,2],"pagination":{"limit":2,"nextCursor":null,"hasNext":false}}"#)
        #expect(second.headers["link"] == "</api/events?kind=x&limit=2>; rel=\"first\"")
    }

    @Test("the limit of a cursor page is lowered and checked like any other")
    func limit() throws {
        let fixture = GatewayFixture()
        try fixture.send(.get, "/api/events?limit=1000&page=x", reply: Self.reply(next: nil))
        #expect(fixture.invoker.calls[0].invocation.page == .cursor(after: nil, limit: 50))
        #expect(fixture.invoker.calls[0].invocation.query == [.init("page", "x")])
        let response = try fixture.send(.get, "/api/events?limit=-1")
        #expect(response.text.contains(#""code":"VALIDATION_ERROR""#))
    }

    @Test("a cursor with any one character changed, left out or added is refused")
    func tampered() throws {
        let signer = CursorSigner(secret: Array("secret".utf8))
        let cursor = signer.cursor("position/17", function: "ListEvents")
        #expect(signer.position(cursor, function: "ListEvents") == "position/17")
        let characters = Array(cursor)
        for index in characters.indices {
            for other in "ABz09-_" where other != characters[index] {
                var changed = characters
                changed[index] = other
                #expect(signer.position(String(changed), function: "ListEvents") == nil)
            }
            var shorter = characters
            shorter.remove(at: index)
            #expect(signer.position(String(shorter), function: "ListEvents") == nil)
            var longer = characters
            longer.insert("A", at: index)
            #expect(signer.position(String(longer), function: "ListEvents") == nil)
        }
    }

    @Test("every bit of a cursor's bytes counts")
    func flippedBits() throws {
        let signer = CursorSigner(secret: Array("secret".utf8))
        let bytes = try #require(Base64URL.decode(signer.cursor("p", function: "F")))
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(signer.position(Base64URL.encode(changed), function: "F") == nil)
        }
    }

    @Test("a cursor of another function or another secret is refused")
    func foreign() {
        let signer = CursorSigner(secret: Array("secret".utf8))
        let cursor = signer.cursor("1", function: "A")
        #expect(signer.position(cursor, function: "B") == nil)
        #expect(CursorSigner(secret: Array("other".utf8)).position(cursor, function: "A") == nil)
    }

    @Test(
        "a changed cursor is BAD_REQUEST and reaches no worker",
        arguments: ["", "x", "AAAA", "%3D%3D", "a+b", String(repeating: "A", count: 4000)])
    func badRequest(cursor: String) throws {
        let fixture = GatewayFixture()
        let response = try fixture.send(.get, "/api/events?cursor=" + cursor)
        #expect(response.status == Status(400))
        #expect(response.text.contains(#""code":"BAD_REQUEST""#))
        #expect(fixture.invoker.calls.isEmpty)
    }

    @Test("positions of any text come back", arguments: ["", "a", "ab", "abc", "ünï/€ 😀", "{\"id\":1}"])
    func roundTrip(position: String) {
        let signer = CursorSigner(secret: [])
        #expect(signer.position(signer.cursor(position, function: "F"), function: "F") == position)
    }

    @Test(
        "base64url is RFC 4648's, without padding",
        arguments: [
            ("", []), ("Zg", [102]), ("Zm8", [102, 111]), ("Zm9v", [102, 111, 111]),
            ("-_-_", [251, 255, 191]),
        ]
            as [(String, [UInt8])])
    func base64(text: String, bytes: [UInt8]) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(
        "base64url takes only what it makes",
        arguments: ["Zh", "Zm9", "Z", "Zg==", "Zm 9", "Zm9+", "Zm9/", "Zm9v\n", "Zg\u{0}"])
    func base64Refused(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
