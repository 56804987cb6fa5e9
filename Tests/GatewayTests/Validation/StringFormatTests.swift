import Testing

@testable import Gateway

@Suite("Formats of strings")
struct StringFormatTests {
    @Test(
        "what a format takes and what it does not",
        arguments: [
            (
                StringFormat.dateTime, ["2026-11-21T02:55:00Z", "2026-11-21t02:55:00.5+01:00", "2016-12-31T23:59:60Z"],
                ["2026-11-21", "2026-11-21T02:55:00", "2026-11-21 02:55:00Z", "2026-02-29T00:00:00Z", "T", ""]
            ),
            (.date, ["2024-02-29", "0000-01-01"], ["2023-02-29", "2026-1-1", "2026-13-01", "2026-00-01", "20260101"]),
            (
                .time, ["02:55:00Z", "23:59:60Z", "00:00:00.123456789-23:59"],
                ["02:55Z", "24:00:00Z", "02:55:00.Z", "02:55:00+24:00", "12:00:60Z"]
            ),
            (
                .email,
                ["a@b", "a.b+c@example.com", "\"a b\"@example.com", "a@[127.0.0.1]", "a@[IPv6:::1]", "\"a\\\"b\"@x.y"],
                [
                    "", "@", "a@", "@b", "a b@c", "a..b@c", ".a@b", "a@-b", "a@b_c", "é@b.c", "a@[1.2.3]", "\"a\"b\"@c",
                    "\"a\\\"@c",
                ]
            ),
            (
                .uuid, ["2eb8aa08-AA98-11ea-b4aa-73b441d16380"],
                ["2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4aa-73b441d1638g", ""]
            ),
            (
                .uri,
                [
                    "https://example.com/a?b=c#d", "mailto:a@b", "urn:x:y", "a:", "http://[::1]:80/",
                    "http://[v1.a:b]/", "http://u:p@h:1",
                ],
                [
                    "", "example.com", "//example.com", "http://a b", "http://é", "http://[::1", "http://a:b",
                    "http://%", "http://%zz", "1a:b", ":a", "http://a/[", "http://[]/",
                ]
            ),
            (
                .ipv4, ["0.0.0.0", "255.255.255.255"],
                ["256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1..2.3", "1.2.3.4 ", ""]
            ),
            (
                .ipv6, ["::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4"],
                [
                    "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::1%eth0",
                    "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:6:7::8:9", "::1.2.3",
                ]
            ),
            (
                .hostname, ["a", "a-b.c1", "xn--mnchen-3ya.de", "xn--zckzah"],
                [
                    "", ".", "a.", "-a", "a-", "a_b", "é.de", "xn--", "xn--a", "xn--99999999999999",
                    String(repeating: "a", count: 64),
                ]
            ),
        ])
    func formats(format: StringFormat, valid: [String], others: [String]) {
        for text in valid { #expect(text.withBytes { format.holds($0) }, "\(text)") }
        for text in others { #expect(!text.withBytes { format.holds($0) }, "\(text)") }
    }

    @Test("no text makes a format fail otherwise than by refusing it", arguments: StringFormat.allCases)
    func garbage(_ format: StringFormat) {
        var random = SplitMix(seed: 5)
        let alphabet = Array("0129:.-+TZztx@[]%/?#\"\\ v\u{0}n--aé😀".unicodeScalars)
        for _ in 0..<4000 {
            var text = format == .hostname && Bool.random(using: &random) ? "xn--" : ""
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                text.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
            }
            _ = text.withBytes { format.holds($0) }
        }
    }
}
