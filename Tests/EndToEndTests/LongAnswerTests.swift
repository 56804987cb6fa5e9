import Foundation
import Testing

/// Answers that a handler has whole and that are too long for one frame: the conventions hold for them as for short ones.
@Suite("Long answers", .timeLimit(.minutes(2))) struct LongAnswerTests {
    static let lengths = [16_384, 16_385, 200_000, 1_000_000]

    private static func serve() throws -> ServedAPI {
        try ServedAPI(
            functions: """
                  FunctionProbe: {routes: [GET /probe, POST /probe], auth: none, env: {PROBE_GREETING: hi}}
                  Once:
                    run: {swift: FunctionProbe}
                    route: POST /once
                    auth: required
                    idempotency: {for: 1h}
                    body: 2MiB
                    env: {PROBE_GREETING: hi}
                  Kept: {run: {swift: FunctionProbe}, route: GET /kept, cache: {for: 1h}, env: {PROBE_GREETING: hi}}
                """,
            top: """
                auth: {jwt: {secret: "${JWT_SECRET}"}}
                compression: {minimum: 1KiB}
                """, environment: ["JWT_SECRET": TestToken.secret])
    }

    @Test("they have a tag, are kept, and are a 304 to who has them")
    func tagged() throws {
        let served = try Self.serve()
        let client = try served.client()
        for length in Self.lengths {
            let plain = try client.get("/probe?action=size&count=\(length)")
            #expect(plain.status == 200)
            #expect(plain.body.count == length)
            let tag = try #require(plain.header("etag"), "\(length)")
            let target = "/kept?action=size&count=\(length)"
            let first = try client.get(target)
            #expect(first.header("cache-status") == "swiftlet; fwd=miss; stored", "\(length)")
            let second = try client.get(target)
            #expect(second.header("cache-status")?.hasPrefix("swiftlet; hit") == true, "\(length)")
            #expect(second.body == plain.body)
            #expect(second.header("etag") == tag)
            let known = try client.get(target, headers: ["If-None-Match: \(tag)"])
            #expect(known.status == 304)
        }
    }

    @Test("they are compressed, and one that was asked for with a key is made once")
    func once() throws {
        let served = try Self.serve()
        let client = try served.client()
        let token = "Authorization: Bearer \(try TestToken.make(id: "7", roles: []))"
        for length in [20_000, 300_000] {
            let json = #"{"action":"echo","text":"\#(String(repeating: "x", count: length))"}"#
            let packed = try client.post("/probe", json: json, headers: ["Accept-Encoding: gzip"])
            #expect(packed.header("content-encoding") == "gzip")
            #expect(packed.header("vary")?.contains("accept-encoding") == true)
            #expect(packed.body.count < length)
            let fields = [token, "Idempotency-Key: long-\(length)"]
            let first = try client.post("/once", json: json, headers: fields)
            #expect(first.status == 200)
            #expect(first.header("idempotent-replayed") == nil)
            let second = try client.post("/once", json: json, headers: fields)
            #expect(second.header("idempotent-replayed") == "true")
            #expect(second.body == first.body)
        }
    }
}
