import Testing

@testable import Gateway

@Suite("Client addresses")
struct ClientAddressTests {
    private static func parse(_ text: String, hop: Bool = false) -> ClientAddress? {
        Array(text.utf8).withUnsafeBytes { hop ? ClientAddress(hop: $0) : ClientAddress($0) }
    }

    @Test(
        "an address is read whole and written as RFC 5952 has it",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("127.0.0.1", "127.0.0.1"), ("255.255.255.255", "255.255.255.255"),
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("0001:0:0:0:0:0:0:0", "1::"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            ("::ffff:10.1.2.3", "10.1.2.3"), ("::FFFF:a01:203", "10.1.2.3"), ("::fffe:10.1.2.3", "::fffe:a01:203"),
            ("fe80::1:2:3:4", "fe80::1:2:3:4"),
        ])
    func valid(text: String, written: String) throws {
        let address = try #require(Self.parse(text))
        #expect(address.description == written)
        #expect(Self.parse(written) == address)
    }

    @Test(
        "anything else is no address",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.", ".1.2.3.4", "1.2.3.4.5", "1..2.3", "256.1.1.1", "01.2.3.4", "1.2.3.04",
            "00.0.0.0", "1.2.3.4 ", " 1.2.3.4", "1.2.3.a", "-1.2.3.4", "+1.2.3.4", "1.2.3.1000", "0x7f.0.0.1",
            "2130706433", ":", ":::", "1:", ":1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "::1%eth0", "[::1]", "1:2:3:4:5:6:7:1.2.3.4",
            "::1.2.3", "::1.2.3.4:5", "1.2.3.4::", "::ffff:1.2.3.256", "unix", "localhost", "１.2.3.4", "1::2:",
        ])
    func invalid(text: String) {
        #expect(Self.parse(text) == nil)
    }

    @Test(
        "a hop may have brackets and a port",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("192.0.2.1:8080", "192.0.2.1"), ("192.0.2.1:_x.y-z", "192.0.2.1"),
            ("[2001:db8::1]", "2001:db8::1"), ("[2001:db8::1]:1", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"),
            ("[::ffff:1.2.3.4]:65535", "1.2.3.4"), ("192.0.2.1:", nil), ("192.0.2.1:x", nil), ("192.0.2.1:123456", nil),
            ("[192.0.2.1]", nil), ("[::1", nil), ("[::1]1", nil), ("[::1]:", nil), ("[]", nil), ("[", nil), ("", nil),
            ("unknown", nil), ("_hidden", nil), ("192.0.2.1:_", nil), ("192.0.2.1:_\"", nil),
        ] as [(String, String?)])
    func hops(text: String, address: String?) {
        #expect(Self.parse(text, hop: true)?.description == address)
    }

    @Test("peers: with a zone, of a Unix socket, and without an address")
    func peers() {
        #expect(ClientAddress(peer: "fe80::1%eth0").description == "fe80::1")
        #expect(ClientAddress(peer: "unix") == .unix)
        #expect(ClientAddress(peer: "").kind == .unknown)
        #expect(ClientAddress(peer: "something").description == "unknown")
    }

    @Test(
        "buckets tell IPv6 clients apart by their first 64 bits and IPv4 clients by all",
        arguments: [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1", "::ffff:192.0.2.1", true), ("::1", "unix", false),
            ("0.0.0.0", "::", false),
        ])
    func subjects(one: String, other: String, isSame: Bool) {
        let (one, other) = (ClientAddress(peer: one), ClientAddress(peer: other))
        #expect((one.kind == other.kind && one.subject == other.subject) == isSame)
    }
}
