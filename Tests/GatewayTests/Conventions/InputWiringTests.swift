import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Input that is checked")
struct InputWiringTests {
    static var manifest: Manifest {
        let id = #"{"type":"object","properties":{"id":{"type":"string","pattern":"^[0-9]+$"}}}"#
        let body =
            #"{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"age":{"type":"integer"}}}"#
        return ConventionsManifest.make([
            ConventionsManifest.function("List", "GET /items/{id}") {
                $0.page = PageSettings(style: .page, default: 10, max: 100)
                $0.input.path = ConventionsManifest.schema(id)
                $0.input.query = ConventionsManifest.schema(
                    #"{"type":"object","properties":{"sort":{"enum":["asc","desc"]},"deep":{"type":"boolean"}}}"#)
            },
            ConventionsManifest.function("Make", "POST /items/{id}") {
                $0.body = ByteCount(bytes: 1000)
                $0.page = PageSettings(style: .page, default: 10, max: 100)
                $0.input.path = ConventionsManifest.schema(id)
                $0.input.body = ConventionsManifest.schema(body)
            },
            ConventionsManifest.function("Both", "POST /both") {
                $0.input.query = ConventionsManifest.schema(#"{"properties":{"name":{"type":"string"}}}"#)
                $0.input.body = ConventionsManifest.schema(body)
            },
            ConventionsManifest.function("Plain", "POST /plain") { $0.body = ByteCount(bytes: 1000) },
            ConventionsManifest.function("Stream", "PUT /stream") {
                $0.body = ByteCount(bytes: 1000)
                $0.stream.request = true
            },
        ])
    }
    let fixture = GatewayFixture(manifest)
    static let json: HeaderList = ["content-type": "application/json"]

    /// `in` and `field` of each fault.
    private static func faults(_ response: OutgoingResponse) -> [String] {
        response.text.matches(of: /"field":"([^"]*)","in":"([^"]*)"/).map { "\($0.2) \($0.1)" }
    }

    @Test("the faults of path, query and page are told together")
    func parameters() throws {
        let response = try fixture.ask(.get, "/items/x?page=0&limit=a&sort=up&deep=maybe")
        #expect(response.code == "VALIDATION_ERROR" && response.text.contains("Invalid input parameters"))
        #expect(Set(Self.faults(response)) == ["query page", "query limit", "path id", "query sort", "query deep"])
        #expect(fixture.invoker.calls.isEmpty)
    }

    @Test("a query gives nothing that only the body's schema names, unless its own names it too")
    func bodyInQuery() throws {
        let body = Array(#"{"name":"a"}"#.utf8)
        let response = try fixture.ask(.post, "/items/1?name=b&age=old&other=c", Self.json, body: body)
        #expect(response.code == "VALIDATION_ERROR" && response.text.contains("belongs in the body"))
        #expect(Self.faults(response) == ["query name", "query age"] && fixture.invoker.calls.isEmpty)
        #expect(try fixture.ask(.post, "/both?other=c", Self.json, body: body).status == .ok)
        #expect(try fixture.ask(.post, "/both?name=b", Self.json, body: body).status == .ok)
        #expect(try fixture.ask(.post, "/both?age=3", Self.json, body: body).code == "VALIDATION_ERROR")
    }

    @Test("the body's faults are told with them")
    func whole() throws {
        let response = try fixture.ask(.post, "/items/x?page=0", Self.json, body: Array(#"{"age":"old"}"#.utf8))
        #expect(response.code == "VALIDATION_ERROR")
        #expect(Set(Self.faults(response)) == ["query page", "path id", "body name", "body age"])
        let empty = try fixture.ask(.post, "/items/x")
        #expect(Set(Self.faults(empty)) == ["path id", "body body"])
        #expect(fixture.invoker.calls.isEmpty)
    }

    @Test("what is valid reaches the handler as its schema has it")
    func valid() throws {
        try fixture.ask(.get, "/items/7?deep=1&sort=asc", reply: Reply(kind: .page(total: 0), body: Array("[]".utf8)))
        let invocation = try #require(fixture.invoker.calls.first).invocation
        #expect(invocation.query == [.init("deep", "true"), .init("sort", "asc")])
        #expect(invocation.page == .page(number: 1, limit: 10))
    }

    @Test(
        "a body of another type is 415, before it is read",
        arguments: [[:], ["content-type": "text/plain"], ["content-type": "application/json; charset=utf-16"]]
            as [HeaderList])
    func mediaType(headers: HeaderList) throws {
        let trip = Trip(fixture, .post, "/items/7", headers, length: 2)
        #expect(trip.status == 415)
        // Where it is not said how long it is, it may be empty.
        let unknown = Trip(fixture, .post, "/items/7", headers, length: nil)
        #expect(unknown.response == nil)
        #expect(unknown.body(Array("{}".utf8)).status == 415)
        #expect(fixture.invoker.calls.isEmpty)
    }

    @Test(
        "a body that is no JSON is BAD_REQUEST", arguments: ["{", #"{"name":"a","name":"b"}"#, "\u{FEFF}{}", "[1e400"])
    func malformed(body: String) throws {
        let response = try fixture.ask(.post, "/items/7", Self.json, body: Array(body.utf8))
        #expect(response.code == "BAD_REQUEST")
    }

    @Test("a gzipped body is checked and handed over as it was before, without the fields that tell of it")
    func gzip() throws {
        let plain = Array((#"{"name":""# + String(repeating: "a", count: 500) + #""}"#).utf8)
        let packed = try #require(GzipEncoder().encode(plain, level: 6))
        for path in ["/items/7", "/plain"] {
            for coding in ["gzip", "x-gzip", "GZIP"] {
                let headers: HeaderList = [
                    "content-type": "application/json", "content-encoding": coding, "content-length": "\(packed.count)",
                    "x": "1",
                ]
                let trip = fixture.start(.post, path, headers, body: packed)
                let invocation = try #require(trip.call).invocation
                #expect(invocation.body == plain)
                #expect(invocation.headers == ["content-type": "application/json", "x": "1"])
            }
        }
        let wrong = try #require(
            GzipEncoder().encode(Array(String(repeating: " ", count: 500).utf8) + Array("{}".utf8), level: 6))
        let response = try fixture.ask(
            .post, "/items/7", ["content-type": "application/json", "content-encoding": "gzip"], body: wrong)
        #expect(Self.faults(response) == ["body name"])
    }

    @Test("a bomb is 413, garbage is 400, another coding is 415 before the body is read")
    func codings() throws {
        let bomb = try #require(GzipEncoder().encode([UInt8](repeating: 32, count: 100_000), level: 9))
        #expect(bomb.count < 1000)
        let headers: HeaderList = ["content-type": "application/json", "content-encoding": "gzip"]
        #expect(try fixture.ask(.post, "/plain", headers, body: bomb).code == "PAYLOAD_TOO_LARGE")
        #expect(try fixture.ask(.post, "/plain", headers, body: Array("{}".utf8)).code == "BAD_REQUEST")
        #expect(try fixture.ask(.post, "/plain", headers, body: Array(bomb.dropLast(3))).status.code >= 400)
        let trip = Trip(fixture, .post, "/plain", ["content-encoding": "br"], length: 2)
        #expect(trip.status == 415 && trip.response?.headers["accept-encoding"] == "gzip")
        #expect(fixture.invoker.calls.isEmpty)
        // What has no body has no coding.
        #expect(try fixture.ask(.post, "/plain", ["content-encoding": "br"]).status == .ok)
    }

    @Test("a function that streams gets the body as it comes, with its coding", arguments: ["gzip", "br"])
    func streamed(coding: String) throws {
        let trip = Trip(fixture, .put, "/stream", ["content-encoding": coding], length: 3)
        let call = try #require(trip.call)
        #expect(call.invocation.headers == ["content-encoding": coding])
        let flow = FakeFlow()
        call.sink.bodyWanted(10, by: flow)
        _ = ([1, 2, 3] as [UInt8]).withUnsafeBytes { trip.receiver?.bodyPart($0) }
        #expect(flow.sent.count == 3)
    }
}
