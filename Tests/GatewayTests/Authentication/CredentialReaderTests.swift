import Testing
import WireProtocol

@testable import Gateway

@Suite("What a request shows for itself")
struct CredentialReaderTests {
    /// A kind, and the text of its range.
    private static func read(_ headers: HeaderList, keyHeader: String = "x-api-key") -> (String, String?) {
        func text(_ range: Range<Int>) -> String { String(decoding: headers.packed[range], as: UTF8.self) }
        return switch CredentialReader(keyHeader: Array(keyHeader.utf8)).read(headers) {
        case .none: ("none", nil)
        case .bearer(let range): ("bearer", text(range))
        case .apiKey(let range): ("key", text(range))
        case .empty: ("empty", nil)
        case .otherScheme: ("other", nil)
        case .two: ("two", nil)
        }
    }

    @Test(
        "Authorization is read by its scheme, in any letter case",
        arguments: [
            ("Bearer abc", "bearer", "abc"), ("bearer abc", "bearer", "abc"), ("BEARER abc", "bearer", "abc"),
            ("bEaReR   abc", "bearer", "abc"), ("Bearer a b", "bearer", "a b"),
            ("Bearer", "empty", nil), ("Bearer ", "empty", nil), ("Bearer    ", "empty", nil),
            ("", "other", nil), ("Basic YTpi", "other", nil), ("Bearerabc", "other", nil),
            ("Bearer\tabc", "other", nil), ("Bear", "other", nil), ("Token abc", "other", nil),
        ] as [(String, String, String?)])
    func schemes(_ value: String, _ kind: String, _ text: String?) {
        let read = Self.read(["host": "x", "authorization": value, "accept": "*/*"])
        #expect(read == (kind, text))
    }

    @Test("nothing is found where nothing is, and the query has no say")
    func nothing() {
        #expect(Self.read([:]).0 == "none")
        #expect(Self.read(["host": "x", "proxy-authorization": "Bearer x", "cookie": "token=x"]).0 == "none")
    }

    @Test("a key is found by the header's name, whatever that is")
    func keys() {
        #expect(Self.read(["X-API-Key": "abc"]) == ("key", "abc"))
        #expect(Self.read(["X-API-Key": ""]) == ("empty", nil))
        #expect(Self.read(["shop-key": "abc"], keyHeader: "shop-key") == ("key", "abc"))
        #expect(Self.read(["X-API-Key": "abc"], keyHeader: "") == ("none", nil))
    }

    @Test(
        "two credentials are two, whatever they are",
        arguments: [
            [("authorization", "Bearer a"), ("authorization", "Bearer a")],
            [("authorization", "Basic a"), ("authorization", "Bearer a")],
            [("x-api-key", "a"), ("x-api-key", "a")],
            [("x-api-key", "a"), ("authorization", "Bearer a")],
            [("authorization", "Basic a"), ("accept", "*/*"), ("x-api-key", "a")],
        ])
    func two(_ fields: [(String, String)]) {
        var headers = HeaderList()
        for (name, value) in fields { headers.append(name, value) }
        #expect(Self.read(headers).0 == "two")
    }
}
