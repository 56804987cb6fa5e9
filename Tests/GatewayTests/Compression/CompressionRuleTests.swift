import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Which answers are compressed")
struct CompressionRuleTests {
    private static let takes: HeaderList = ["accept-encoding": "gzip"]
    private static let json: HeaderList = ["content-type": "application/json"]

    private static func verdict(
        _ status: UInt16 = 200, _ headers: HeaderList = json, length: Int = 2000, _ request: HeaderList = takes
    ) throws -> CompressionRule.Verdict {
        let rule = try #require(CompressionRule(CompressionSettings()))
        return rule.verdict(Status(status), headers, length: length, CompressionRule.Request(request))
    }

    @Test("absent, it is off")
    func off() {
        #expect(CompressionRule(nil) == nil)
    }

    @Test(
        "by status: wherever there is a whole body",
        arguments: [
            (200, true), (201, true), (404, true), (500, true), (204, false), (205, false), (206, false), (304, false),
            (101, false),
        ] as [(UInt16, Bool)])
    func statuses(status: UInt16, isCompressed: Bool) throws {
        #expect(try Self.verdict(status) == (isCompressed ? .gzip : .never))
    }

    @Test(
        "by length: from the minimum on",
        arguments: [(0, CompressionRule.Verdict.never), (1, .never), (1023, .never), (1024, .gzip), (1 << 20, .gzip)])
    func lengths(length: Int, verdict: CompressionRule.Verdict) throws {
        #expect(try Self.verdict(length: length) == verdict)
        let rule = try #require(CompressionRule(CompressionSettings(minimum: ByteCount(bytes: 0))))
        let request = CompressionRule.Request(Self.takes)
        #expect(rule.verdict(.ok, Self.json, length: length, request) == (length == 0 ? .never : .gzip))
    }

    @Test(
        "by type: text and what is written as text",
        arguments: [
            ("application/json", true), ("Application/JSON; charset=utf-8", true), ("application/problem+json", true),
            ("application/vnd.api+json ; a=b", true), ("text/html", true), ("text/csv;header=present", true),
            ("TEXT/plain", true), ("image/svg+xml", true), ("application/xml", true), ("application/atom+xml", true),
            ("application/javascript", true), ("text/javascript", true), ("application/x-ndjson", true),
            ("application/yaml", true), ("text/event-stream", false), ("text/Event-Stream; charset=utf-8", false),
            ("image/png", false), ("application/octet-stream", false), ("application/zip", false),
            ("application/gzip", false), ("application/wasm", false), ("font/woff2", false), ("video/mp4", false),
            ("json", false), ("", false), ("text", false), ("text/", false), ("/json", false), ("+json", false),
            ("application/+json", false), ("application/jsonx", false), ("application/json-patch", false),
        ])
    func types(type: String, isCompressed: Bool) throws {
        #expect(try Self.verdict(200, ["content-type": type]) == (isCompressed ? .gzip : .never))
    }

    @Test("without a type it is left alone")
    func noType() throws {
        #expect(try Self.verdict(200, ["x-a": "application/json"]) == .never)
    }

    @Test(
        "a request turns it off or does not take it: the answer still varies",
        arguments: [
            [:], ["accept-encoding": "br"], ["accept-encoding": "gzip;q=0"],
            ["accept-encoding": "gzip", "x-no-compression": "1"], ["accept-encoding": "gzip", "x-no-compression": ""],
            ["accept-encoding": "gzip", "x-no-compression": "false"],
        ] as [HeaderList])
    func plain(request: HeaderList) throws {
        let verdict = try Self.verdict(request)
        #expect(verdict == .plain)
        #expect(verdict.varies)
    }

    private static func verdict(_ request: HeaderList) throws -> CompressionRule.Verdict {
        try verdict(200, json, length: 2000, request)
    }

    @Test(
        "an answer forbids it, has a coding, is a part, or names a checksum of its bytes",
        arguments: [
            ("cache-control", "no-transform"), ("cache-control", "max-age=1,No-Transform , public"),
            ("content-encoding", "br"), ("content-encoding", "gzip"), ("content-range", "bytes 0-1/2"),
            ("content-digest", "sha-256=:AA==:"), ("repr-digest", "sha-256=:AA==:"), ("digest", "md5=A"),
            ("content-md5", "A"),
        ])
    func barred(name: String, value: String) throws {
        var headers = Self.json
        headers.append(name, value)
        #expect(try Self.verdict(200, headers) == .never)
        #expect(try !Self.verdict(200, headers).varies)
    }

    @Test(
        "other directives and fields are nothing to it",
        arguments: [("cache-control", "no-store"), ("cache-control", "x-no-transform"), ("content-language", "de")])
    func indifferent(name: String, value: String) throws {
        var headers = Self.json
        headers.append(name, value)
        #expect(try Self.verdict(200, headers) == .gzip)
    }

    @Test("a compressed answer has the coding, and its tag is another")
    func applied() throws {
        let rule = try #require(CompressionRule(CompressionSettings()))
        let body = Array(String(repeating: "{\"a\":1},", count: 300).utf8)
        var response = OutgoingResponse(
            status: .ok, headers: ["content-type": "application/json", "etag": "\"abc\"", "x-a": "b"], body: body)
        #expect(rule.apply(&response, GzipEncoder()))
        #expect(
            response.headers == [
                "content-type": "application/json", "etag": "\"abc-gzip\"", "x-a": "b", "content-encoding": "gzip",
            ])
        #expect(response.body.count < 100)
        #expect(try GzipDecoder().decode(response.body, limit: body.count) == body)
    }

    @Test("an answer that would not become smaller stays as it is")
    func incompressible() throws {
        let rule = try #require(CompressionRule(CompressionSettings()))
        var random = SystemRandomNumberGenerator()
        let body = (0..<5000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let before = OutgoingResponse(status: .ok, headers: ["etag": "\"abc\""], body: body)
        var response = before
        #expect(!rule.apply(&response, GzipEncoder()))
        #expect(response == before)
    }
}
