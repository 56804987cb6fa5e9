import Testing

@testable import Manifests

@Suite("Single values")
struct ValueTests {
    @Test(
        "durations",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("10s", .seconds(10)), ("15m", .seconds(900)),
            ("24h", .seconds(86_400)), ("0s", .zero),
        ])
    func durations(_ text: String, _ expected: Duration) throws {
        #expect(try Amount.duration(text) == expected)
    }

    @Test(
        "texts that are no duration",
        arguments: ["", "s", "10", "1.5s", "-1s", "1h30m", "10 s", "10S", "٣s", "9223372036854775807h"])
    func noDurations(_ text: String) {
        #expect(throws: TextProblem.self) { try Amount.duration(text) }
    }

    @Test(
        "sizes",
        arguments: [("0B", 0), ("100B", 100), ("512KiB", 524_288), ("1MiB", 1_048_576), ("2GiB", 2 << 30)])
    func sizes(_ text: String, _ expected: Int) throws {
        #expect(try Amount.size(text) == expected)
        #expect(ByteCount(bytes: expected).description == text)
    }

    @Test(
        "routes and their parts",
        arguments: [
            ("GET /", [RoutePattern.Segment.literal("")]), ("POST /users", [.literal("users")]),
            ("PUT /users/{id}", [.literal("users"), .parameter("id")]),
            ("GET /files/{path+}", [.literal("files"), .rest("path")]),
            ("PATCH /a-b_c~d/é/", [.literal("a-b_c~d"), .literal("é"), .literal("")]),
            ("OPTIONS /{_x1}", [.parameter("_x1")]),
        ])
    func routes(_ text: String, _ segments: [RoutePattern.Segment]) throws {
        let route = try #require(RoutePattern(text))
        #expect(route.segments == segments)
        #expect(route.description == text)
    }

    @Test("two routes that no request can tell apart have one shape")
    func shapes() {
        #expect(RoutePattern("GET /a/{x}")?.shape == RoutePattern("GET /a/{y}")?.shape)
        #expect(RoutePattern("GET /a/{x}")?.shape != RoutePattern("GET /a/{x+}")?.shape)
        #expect(RoutePattern("GET /a/{x}")?.parameters == ["x"])
    }

    @Test(
        "addresses to listen on",
        arguments: [
            ("127.0.0.1:80", ListenAddress.tcp(host: "127.0.0.1", port: 80)),
            ("[::1]:0", .tcp(host: "::1", port: 0)),
            ("localhost:65535", .tcp(host: "localhost", port: 65_535)), ("unix:a b", .unix("a b")),
            ("systemd:http", .systemd("http")),
        ])
    func addresses(_ text: String, _ expected: ListenAddress) {
        #expect(ListenAddress(text) == expected)
        #expect(ListenAddress(text)?.description == text)
    }

    @Test(
        "texts that are no address",
        arguments: ["", ":80", "a:", "a:-1", "a:65536", "::1:80", "[a]:1", "a b:1", "unix:", "1"])
    func noAddresses(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(
        "networks hold what they hold",
        arguments: [
            ("10.0.0.0/8", [10, 255, 0, 1], true), ("10.0.0.0/8", [11, 0, 0, 1], false),
            ("192.168.1.128/25", [192, 168, 1, 127], false), ("192.168.1.128/25", [192, 168, 1, 129], true),
            ("0.0.0.0/0", [1, 2, 3, 4], true), ("1.2.3.4", [1, 2, 3, 4], true),
            ("1.2.3.4", [1, 2, 3, 5], false),
            ("::/0", [1, 2, 3, 4], false), ("fd00::/8", [0xFD] + [UInt8](repeating: 1, count: 15), true),
            ("::1", [UInt8](repeating: 0, count: 15) + [1], true),
            ("::ffff:1.2.3.4/96", [UInt8](repeating: 0, count: 10) + [255, 255, 9, 9, 9, 9], true),
        ] as [(String, [UInt8], Bool)])
    func networks(_ text: String, _ address: [UInt8], _ isIn: Bool) throws {
        #expect(try #require(AddressRange(text)).contains(address) == isIn)
    }

    @Test(
        "texts that are no network",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/08", "::/129", ":::",
            "1::2::3",
            "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::", "::1%eth0", "1.2.3.4::", "a/b/c",
        ])
    func noNetworks(_ text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test(
        "dates in seconds since 1970",
        arguments: [
            ("1970-01-01", 0), ("2000-03-01", 951_868_800), ("2024-02-29", 1_709_164_800),
            ("2027-01-01T12:00:01Z", 1_798_804_801), ("2100-12-31", 4_133_894_400),
        ])
    func dates(_ text: String, _ expected: Int) {
        #expect(TextFormat.seconds(ofDate: text) == expected)
    }

    @Test(
        "texts that are no date",
        arguments: [
            "2023-02-29", "2027-13-01", "2027-1-1", "2027-01-01T24:00:00Z", "2027-01-01T00:00:00",
            "1969-01-01",
        ])
    func noDates(_ text: String) {
        #expect(TextFormat.seconds(ofDate: text) == nil)
    }

    @Test(
        "the word that was meant",
        arguments: [
            ("timout", "timeout"), ("naem", "name"), ("warn", "warning"), ("maximum", "max"), ("zzz", nil),
            ("TIMEOUT", "timeout"),
        ] as [(String, String?)])
    func similar(_ word: String, _ expected: String?) {
        #expect(Similarity.nearest(to: word, among: ["timeout", "name", "warning", "max"]) == expected)
    }
}
