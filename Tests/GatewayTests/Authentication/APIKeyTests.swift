import Crypto
import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("API keys")
struct APIKeyTests {
    private static func hash(_ key: String) -> [UInt8] { Array(SHA256.hash(data: Array(key.utf8))) }

    private static let settings = AuthSettings(
        apiKeys: APIKeySettings(
            header: "X-API-Key",
            keys: [
                .init(name: "reports", hashes: [hash("old"), hash("new")], roles: ["reader"], scopes: ["a", "b"]),
                .init(name: "nightly", hashes: [hash("nightly")], expires: Int(TokenMint.now) + 10),
                .init(name: "gone", hashes: [hash("gone")], expires: 0),
                .init(name: "odd", hashes: [[1, 2, 3]]),
            ]))

    @Test("a key is its name's, with its roles and scopes; two keys are good while one replaces the other")
    func good() async throws {
        for key in ["old", "new"] {
            let fixture = AuthFixture(Self.settings)
            let identity = try await fixture.ask(["x-api-key": key]).get()
            #expect(identity.caller == Caller(id: "reports", roles: ["reader"], scopes: ["a", "b"]))
            #expect(identity.credential == .apiKey && identity.keyName == "reports")
            #expect(fixture.verifications == 0)
        }
    }

    @Test(
        "what is no key is refused",
        arguments: [
            ("wrong", RefusalReason.unknownAPIKey), ("ol", .unknownAPIKey), ("old ", .unknownAPIKey),
            ("OLD", .unknownAPIKey), ("reports", .unknownAPIKey), ("gone", .expiredAPIKey), ("", .emptyToken),
            (String(repeating: "x", count: 16_000), .unknownAPIKey),
        ])
    func bad(_ key: String, _ reason: RefusalReason) async {
        let outcome = await AuthFixture(Self.settings).ask(["x-api-key": key])
        #expect(outcome.reason == reason)
        #expect(outcome.code == "INVALID_TOKEN")
        #expect(outcome.challenges == [#"ApiKey realm="shop", error="invalid_token""#])
    }

    @Test("the hash itself, in any spelling, is no key")
    func hashes() async {
        let hex = Self.hash("old").map { String($0, radix: 16) }.joined()
        #expect(await AuthFixture(Self.settings).ask(["x-api-key": hex]).reason == .unknownAPIKey)
    }

    @Test("a key ends in the second that the manifest says")
    func expiry() async {
        let fixture = AuthFixture(Self.settings)
        fixture.now = (TokenMint.now + 10) * 1000 - 1
        #expect(await fixture.ask(["x-api-key": "nightly"]).caller?.id == "nightly")
        fixture.now += 1
        #expect(await fixture.ask(["x-api-key": "nightly"]).reason == .expiredAPIKey)
    }

    @Test("a key counts in its header only")
    func elsewhere() async {
        let fixture = AuthFixture(Self.settings)
        #expect(await fixture.ask(["authorization": "Bearer old"]).reason == .notTaken)
        #expect(await fixture.ask(["authorization": "ApiKey old"]).reason == .otherScheme)
        #expect(await fixture.ask(["x-api-key-2": "old", "cookie": "x-api-key=old"]).reason == .noCredential)
    }

    @Test("among a thousand keys each is found at its place")
    func many() throws {
        let keys = (0..<1000).map { APIKeySettings.Key(name: "key \($0)", hashes: [Self.hash("secret \($0)")]) }
        let table = APIKeyTable(APIKeySettings(keys: keys))
        func find(_ key: String) -> Result<Identity, RefusalReason> {
            Array(key.utf8).withUnsafeBytes { table.find($0, unixMilliseconds: 0) }
        }
        for number in 0..<1000 { #expect(try find("secret \(number)").get().caller.id == "key \(number)") }
        #expect(throws: RefusalReason.unknownAPIKey) { try find("secret 1000").get() }
    }

    @Test("a new key is long, random and accepted by the line that is printed for it")
    func made() async {
        let (one, other) = (APIKey.make(), APIKey.make())
        #expect(one.text != other.text && one.hash != other.hash)
        #expect(one.text.hasPrefix("swl_") && one.text.utf8.count == 47)
        #expect(one.hash.utf8.count == 64)
        #expect(
            one.manifestLine(name: "reports", roles: ["reader", "no"], scopes: ["users:read"], expires: "2027-01-01")
                == #"reports: {sha256: ["\#(one.hash)"], roles: [reader, "no"], scopes: ["users:read"], expires: 2027-01-01}"#
        )
        #expect(one.manifestLine(name: "a") == #"a: {sha256: ["\#(one.hash)"]}"#)
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { place in
            UInt8(String(Array(one.hash)[place...place + 1]), radix: 16)
        }
        let settings = AuthSettings(apiKeys: APIKeySettings(keys: [.init(name: "mine", hashes: [bytes])]))
        #expect(await AuthFixture(settings).ask(["x-api-key": one.text]).caller?.id == "mine")
        #expect(await AuthFixture(settings).ask(["x-api-key": other.text]).reason == .unknownAPIKey)
    }
}
