import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Answers that are compressed")
struct CompressionWiringTests {
    static let text = "\"" + String(repeating: "abc", count: 1000) + "\""
    let fixture = GatewayFixture(manifest)

    static var manifest: Manifest {
        ConventionsManifest.make([
            ConventionsManifest.function("List", "GET /list"), ConventionsManifest.function("Make", "POST /list"),
        ]) { $0.compression = CompressionSettings(minimum: ByteCount(bytes: 1000)) }
    }

    @Test(
        "by what the client accepts",
        arguments: [
            (nil, false), ("", false), ("gzip", true), ("GZIP", true), ("x-gzip", true), ("*", true),
            ("br, gzip;q=0.5", true),
            ("br", false), ("gzip;q=0", false), ("*;q=0", false), ("identity, gzip;q=0.5", false), ("gzip;q=2", false),
            ("deflate, gzip, br, zstd", true),
        ] as [(String?, Bool)])
    func accepted(value: String?, isCompressed: Bool) throws {
        var headers = HeaderList()
        if let value { headers.append("accept-encoding", value) }
        for method in [WireProtocol.Method.get, .head, .post] {
            let response = try fixture.ask(method, "/list", headers, reply: .json(Self.text))
            #expect(response.headers.values("content-encoding") == (isCompressed ? ["gzip"] : []))
            #expect((response.body.count < 500) == isCompressed)
            #expect(response.vary == ["accept-encoding", "api-version"])
            if isCompressed { #expect(try GzipDecoder().decode(response.body, limit: 5000) == Array(Self.text.utf8)) }
            #expect(fixture.observer.records.last?.bytes == (method == .head ? 0 : response.body.count))
        }
    }

    @Test("not where the client turns it off, whatever it writes", arguments: ["1", "", "false"])
    func turnedOff(value: String) throws {
        let headers: HeaderList = ["accept-encoding": "gzip", "x-no-compression": value]
        let response = try fixture.ask(.get, "/list", headers, reply: .json(Self.text))
        #expect(response.headers["content-encoding"] == nil && response.text == Self.text)
        #expect(response.vary == ["accept-encoding", "api-version"])
        let tag = try #require(response.headers["etag"])
        #expect(!tag.contains("gzip"))
        var again = headers
        again.append("if-none-match", tag)
        #expect(try fixture.ask(.get, "/list", again, reply: .json(Self.text)).headers["etag"] == tag)
    }

    @Test(
        "not what cannot or must not be compressed: Vary says nothing of it",
        arguments: [
            .json("[1]"), .json(String(text.prefix(999))), .json(text, ["cache-control": "no-cache, no-transform"]),
            .json(text, ["content-encoding": "br"]), .json(text, ["content-digest": "sha-256=:a:"]),
            Reply(headers: ["content-type": "image/png"], body: Array(text.utf8)), Reply(body: Array(text.utf8)),
            .json(text, status: .noContent), .json(text, status: Status(206), ["content-range": "bytes 0-1/2"]),
        ] as [Reply])
    func barred(reply: Reply) throws {
        let response = try fixture.ask(.get, "/list", ["accept-encoding": "gzip"], reply: reply)
        #expect(response.headers["content-encoding"] == reply.headers["content-encoding"])
        #expect(response.vary == ["api-version"])
        #expect(response.headers["etag"]?.contains("gzip") != true)
    }

    @Test("a long error is compressed as any answer")
    func errors() throws {
        let details = (0..<40).map {
            APIError.Detail(field: "field\($0)", in: "body", message: "is not what it should be")
        }
        let reply = Reply(kind: .error(APIError(.validationError, details: details)))
        let response = try fixture.ask(.get, "/list", ["accept-encoding": "gzip"], reply: reply)
        #expect(response.headers["content-encoding"] == "gzip" && response.headers["etag"] == nil)
        #expect(response.vary == ["accept", "accept-encoding", "api-version"])
        let text = String(decoding: try GzipDecoder().decode(response.body, limit: 10_000), as: UTF8.self)
        #expect(text.contains("field39"))
    }

    @Test("a body that gzip does not make smaller stays as it is")
    func incompressible() throws {
        var random = SplitMix(seed: 4)
        let bytes = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let reply = Reply(headers: ["content-type": "text/plain"], body: bytes)
        let response = try fixture.ask(.get, "/list", ["accept-encoding": "gzip"], reply: reply)
        #expect(response.headers["content-encoding"] == nil && response.body == bytes)
        #expect(
            response.headers["etag"]?.contains("gzip") == false && response.vary == ["accept-encoding", "api-version"])
    }

    @Test("a streamed answer passes as it is")
    func streamed() {
        let trip = fixture.start(.get, "/list", ["accept-encoding": "gzip"])
        trip.call?.sink.began(.json(""), length: 3000, FakeFlow(), from: FakeInvoker.worker)
        #expect(trip.responder.headers["content-encoding"] == nil && trip.responder.headers["etag"] == nil)
        #expect(trip.responder.headers.values("vary") == ["api-version"])
    }
}
