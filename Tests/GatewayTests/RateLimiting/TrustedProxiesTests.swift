import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Who the client is behind proxies")
struct TrustedProxiesTests {
    private static func proxies(
        _ trusted: [String] = ["10.0.0.0/8", "2001:db8::/32"], _ header: ForwardedHeader = .xForwardedFor
    ) -> TrustedProxies {
        var settings = ServerSettings()
        settings.trustedProxies = trusted.compactMap { AddressRange($0) }
        settings.forwardedBy = header
        return TrustedProxies(settings)
    }

    private static func headers(_ name: String, _ lines: [String]) -> HeaderList {
        var headers: HeaderList = ["host": "a"]
        for line in lines { headers.append(name, line) }
        headers.append("x-other", "9.9.9.9")
        return headers
    }

    @Test(
        "X-Forwarded-For from a trusted peer: the last address that is no trusted proxy",
        arguments: [
            ([], "10.0.0.1"),
            (["203.0.113.7"], "203.0.113.7"),
            (["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
            (["1.1.1.1, 203.0.113.7, 10.9.9.9"], "203.0.113.7"),
            (["203.0.113.7,10.1.1.1 ,\t10.2.2.2"], "203.0.113.7"),
            (["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            (["1.1.1.1", "203.0.113.7"], "203.0.113.7"),
            (["1.1.1.1", "203.0.113.7, 10.3.3.3", "10.4.4.4"], "203.0.113.7"),
            (["203.0.113.7:4711"], "203.0.113.7"),
            (["[2001:db9::7]:4711, 2001:db8::1"], "2001:db9::7"),
            (["::ffff:203.0.113.7, ::ffff:10.1.1.1"], "203.0.113.7"),
            (["1.1.1.1, nonsense, 10.4.4.4"], "10.4.4.4"),
            (["1.1.1.1, nonsense"], "10.0.0.1"),
            (["1.1.1.1, unknown"], "10.0.0.1"),
            (["1.1.1.1,"], "10.0.0.1"),
            (["1.1.1.1,,10.4.4.4"], "10.4.4.4"),
            ([""], "10.0.0.1"),
            (["1.1.1.1", ""], "10.0.0.1"),
            (["\"1.1.1.1\""], "10.0.0.1"),
        ])
    func list(lines: [String], client: String) {
        let found = Self.proxies().client(ClientAddress(peer: "10.0.0.1"), Self.headers("x-forwarded-for", lines))
        #expect(found.description == client)
    }

    @Test(
        "Forwarded from a trusted peer (RFC 7239)",
        arguments: [
            (["for=203.0.113.7"], "203.0.113.7"),
            (["For=\"203.0.113.7:80\""], "203.0.113.7"),
            (["proto=https;for=203.0.113.7;by=10.0.0.1"], "203.0.113.7"),
            (["for=\"[2001:db9::7]:4711\";proto=http"], "2001:db9::7"),
            (["for=1.1.1.1, for=203.0.113.7, for=10.2.2.2"], "203.0.113.7"),
            (["for=1.1.1.1", "for=203.0.113.7,for=\"[2001:db8::9]\""], "203.0.113.7"),
            (["for=10.1.1.1"], "10.1.1.1"),
            (["for=unknown, for=10.1.1.1"], "10.1.1.1"),
            (["for=1.1.1.1, for=_hidden, for=10.1.1.1"], "10.1.1.1"),
            (["for=1.1.1.1, proto=https"], "10.0.0.1"),
            (["for=1.1.1.1;for=2.2.2.2"], "10.0.0.1"),
            (["for=203.0.113.7:80"], "10.0.0.1"),
            (["for=[2001:db9::7]"], "10.0.0.1"),
            (["for=\"2001:db9::7\""], "2001:db9::7"),
            (["for=\"203.0.113.7"], "10.0.0.1"),
            (["for="], "10.0.0.1"),
            (["for"], "10.0.0.1"),
            (["=1.1.1.1"], "10.0.0.1"),
            (["for=\"1.1.1\\.1\""], "10.0.0.1"),
            (["for=1.1.1.1 x"], "10.0.0.1"),
            ([";for=203.0.113.7;"], "203.0.113.7"),
            (["host=\"a,for=1.1.1.1\";for=203.0.113.7"], "203.0.113.7"),
            (["host=\"a\\\",for=1.1.1.1\";for=203.0.113.7"], "203.0.113.7"),
            (["for=\"1.1.1.1, for=203.0.113.7"], "203.0.113.7"),
            (["for=1.1.1.1\\\", for=203.0.113.7"], "203.0.113.7"),
            (["for=\"\\"], "10.0.0.1"),
            (["\"\"\"\\\\\\\"", "for=203.0.113.7, for=10.1.1.1"], "203.0.113.7"),
        ])
    func forwarded(lines: [String], client: String) {
        let proxies = Self.proxies(["10.0.0.0/8", "2001:db8::/32"], .forwarded)
        let found = proxies.client(ClientAddress(peer: "10.0.0.1"), Self.headers("forwarded", lines))
        #expect(found.description == client)
    }

    @Test("a hundred spoofed addresses from an untrusted peer are the peer")
    func spoofed() {
        for trusted in [[], ["10.0.0.0/8"]] {
            let proxies = Self.proxies(trusted)
            let found = (0..<100).map { number in
                proxies.client(
                    ClientAddress(peer: "198.51.100.1"), Self.headers("x-forwarded-for", ["203.0.113.\(number)"]))
            }
            #expect(Set(found).map(\.description) == ["198.51.100.1"])
        }
    }

    @Test("the header that forwardedBy does not name has no say")
    func otherHeader() {
        let headers: HeaderList = ["x-forwarded-for": "1.1.1.1", "forwarded": "for=2.2.2.2"]
        let peer = ClientAddress(peer: "10.0.0.1")
        #expect(Self.proxies().client(peer, headers).description == "1.1.1.1")
        #expect(Self.proxies(["10.0.0.0/8"], .forwarded).client(peer, headers).description == "2.2.2.2")
    }

    @Test(
        "a worker gets neither header from a stranger, and from a trusted peer the one that is set",
        arguments: [
            ("10.0.0.1", ForwardedHeader.xForwardedFor, ["host", "x-forwarded-for", "x-other"]),
            ("10.0.0.1", .forwarded, ["host", "forwarded", "x-other"]),
            ("198.51.100.1", .xForwardedFor, ["host", "x-other"]), ("198.51.100.1", .forwarded, ["host", "x-other"]),
            ("unix", .xForwardedFor, ["host", "x-other"]),
        ])
    func sanitized(peer: String, header: ForwardedHeader, names: [String]) {
        let headers: HeaderList = [
            "host": "a", "x-forwarded-for": "1.1.1.1", "forwarded": "for=2.2.2.2", "x-other": "b",
        ]
        let rest = Self.proxies(["10.0.0.0/8"], header).sanitized(headers, from: ClientAddress(peer: peer))
        #expect(rest.fields.map(\.name) == names)
        let plain: HeaderList = ["host": "a"]
        #expect(Self.proxies([], header).sanitized(plain, from: ClientAddress(peer: peer)) == plain)
        #expect(Self.proxies([], header).sanitized(headers, from: ClientAddress(peer: peer)).count == 2)
    }

    @Test(
        "a Unix socket's peer is trusted where a loopback address is",
        arguments: [
            (["127.0.0.1"], true), (["127.0.0.0/8"], true), (["::1"], true), (["0.0.0.0/0"], true),
            (["::ffff:127.0.0.0/104"], true), (["10.0.0.0/8"], false), ([], false),
        ])
    func unixSocket(trusted: [String], isTrusted: Bool) {
        let proxies = Self.proxies(trusted)
        #expect(proxies.trust(.unix) == isTrusted)
        let found = proxies.client(.unix, ["x-forwarded-for": "1.1.1.1"])
        #expect(found.description == (isTrusted ? "1.1.1.1" : "unix"))
    }

    @Test(
        "networks",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "9.9.9.9", true),
            ("0.0.0.0/0", "::2", false), ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false),
            ("192.0.2.0/31", "192.0.2.1", true), ("192.0.2.0/31", "192.0.2.2", false), ("::/0", "2001::1", true),
            ("::/0", "9.9.9.9", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/64", "2001:db8:0:1::", false),
            ("2001:db8::/65", "2001:db8::7fff:0:0:0", true), ("2001:db8::/65", "2001:db8::8000:0:0:0", false),
            ("2001:db8::1", "2001:db8::1", true), ("2001:db8::1", "2001:db8::2", false),
            ("::ffff:10.0.0.0/104", "10.2.3.4", true), ("::ffff:10.0.0.0/104", "11.2.3.4", false),
            ("0.0.0.0/0", "unix", true), ("0.0.0.0/0", "nonsense", false),
        ])
    func networks(network: String, address: String, isTrusted: Bool) {
        #expect(Self.proxies([network]).trust(ClientAddress(peer: address)) == isTrusted)
    }
}
