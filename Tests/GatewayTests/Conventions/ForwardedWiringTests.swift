import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Addresses that proxies tell")
struct ForwardedWiringTests {
    private static func fixture(_ change: (inout Manifest) -> Void = { _ in }) -> GatewayFixture {
        var manifest = ConventionsManifest.access
        manifest.server.trustedProxies = ["192.0.2.0/24"].compactMap { AddressRange($0) }
        manifest.rate = [RateRule(limit: 2, per: .seconds(60), by: .client)]
        change(&manifest)
        return GatewayFixture(manifest)
    }

    @Test(
        "the client is who the trusted proxies say, in limits and in the log",
        arguments: [
            ("192.0.2.7", "203.0.113.5", "203.0.113.5"), ("192.0.2.7", "1.1.1.1, 203.0.113.5", "203.0.113.5"),
            ("192.0.2.7", "203.0.113.5, 192.0.2.9", "203.0.113.5"), ("198.51.100.1", "203.0.113.5", "198.51.100.1"),
            ("192.0.2.7", "nonsense", "192.0.2.7"), ("192.0.2.7", "2001:db8::1", "2001:db8::1"),
        ])
    func client(peer: String, header: String, client: String) throws {
        let fixture = Self.fixture()
        try fixture.ask(.get, "/open", ["x-forwarded-for": header], peer: peer)
        #expect(fixture.observer.records.map(\.client) == [client])
        try fixture.ask(.get, "/mine", ["x-forwarded-for": header], peer: peer)
        #expect(fixture.observer.denials.map(\.client) == [client])
        #expect(try fixture.ask(.get, "/open", ["x-forwarded-for": header], peer: peer).status.code == 429)
    }

    @Test("a hundred spoofed addresses share one bucket", arguments: [true, false])
    func spoofed(isTrusted: Bool) throws {
        let fixture = Self.fixture()
        var passed = 0
        for number in 0..<100 {
            let list = "10.0.0.\(number)" + (isTrusted ? ", 203.0.113.5" : "")
            let peer = isTrusted ? "192.0.2.7" : "198.51.100.1"
            if try fixture.ask(.get, "/open", ["x-forwarded-for": list], peer: peer).status == .ok { passed += 1 }
        }
        #expect(passed == 2)
    }

    @Test(
        "the worker sees the field that trusted proxies set, and from others none",
        arguments: [
            ("192.0.2.7", ForwardedHeader.xForwardedFor, ["x-forwarded-for"]), ("192.0.2.7", .forwarded, ["forwarded"]),
            ("198.51.100.1", .xForwardedFor, []), ("198.51.100.1", .forwarded, []),
        ])
    func seen(peer: String, header: ForwardedHeader, names: [String]) throws {
        // A function whose answers are kept is shown the same, where they depend on it.
        for isKept in [false, true] {
            let fixture = Self.fixture {
                $0.server.forwardedBy = header
                guard isKept else { return }
                let vary: [CacheSettings.Variant] = [
                    .header("x-forwarded-for"), .header("forwarded"), .header("x-other"),
                ]
                $0.functions[0].cache = CacheSettings(lifetime: .seconds(30), vary: vary)
            }
            let headers: HeaderList = [
                "x-forwarded-for": "203.0.113.5", "forwarded": "for=203.0.113.5", "x-other": "1",
            ]
            try fixture.ask(.get, "/open", headers, peer: peer)
            let seen = try #require(fixture.invoker.calls.first).invocation.headers
            #expect(seen.fields.map(\.name) == names + ["x-other"])
        }
    }

    @Test("a body that breaks off is logged under the client, not the proxy", arguments: [false, true])
    func broken(isStreamed: Bool) throws {
        let fixture = Self.fixture {
            for index in $0.functions.indices { $0.functions[index].auth = .none }
        }
        let trip = Trip(
            fixture, isStreamed ? .put : .post, isStreamed ? "/upload" : "/things", ["x-forwarded-for": "203.0.113.5"],
            length: nil)
        trip.receiver?.failed(.tooSlow)
        #expect(trip.status == 408)
        #expect(fixture.observer.refusals.map(\.client) == ["203.0.113.5"])
        #expect(fixture.observer.records.map(\.client) == ["203.0.113.5"])
    }
}
