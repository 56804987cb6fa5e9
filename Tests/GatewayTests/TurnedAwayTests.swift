import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("What the log is told of requests that are turned away")
struct TurnedAwayTests {
    static var manifest: Manifest {
        var manifest = GatewayFixture.manifest
        manifest.auth = AuthSettings(jwt: JWTSettings(keys: .secret(TokenMint.secret)))
        var own = GatewayFixture.function("Own", "GET /own")
        own.auth = .required()
        var rare = GatewayFixture.function("Rare", "GET /rare")
        rare.rate = [RateRule(limit: 1, per: .seconds(3600))]
        var upload = GatewayFixture.function("Upload", "PUT /upload")
        upload.stream.request = true
        upload.body = ByteCount(bytes: 100)
        manifest.functions += [own, rare, upload]
        return manifest
    }

    @Test(
        "each refusal by a stage is told once, by its reason",
        arguments: [
            (.get, "/api/users?a=%zz", [:], 400, "bad_request"),
            (.get, "/api/events?cursor=changed", [:], 400, "bad_request"),
            (.get, "/api/users", ["api-version": "v9"], 400, "bad_request"),
            (.trace, "/api/users", [:], 405, "method_not_allowed"),
            (.connect, "example.com:443", [:], 405, "method_not_allowed"),
            (.patch, "/api/users", [:], 405, "method_not_allowed"),
            (.get, "/api/own", [:], 401, "no_credential"),
            (.get, "/api/own", ["authorization": "Bearer a", "authorization": "Bearer b"], 400, "two_credentials"),
        ] as [(WireProtocol.Method, String, HeaderList, UInt16, String)])
    func told(
        method: WireProtocol.Method, target: String, headers: HeaderList, status: UInt16, reason: String
    ) throws {
        let fixture = GatewayFixture(Self.manifest)
        #expect(try fixture.send(method, target, headers).status == Status(status))
        let denial = try #require(fixture.observer.denials.first)
        #expect(fixture.observer.denials.map(\.reason) == [reason])
        #expect(denial.client == "192.0.2.7")
        #expect(denial.requestID == fixture.observer.records.first?.requestID)
        #expect(fixture.observer.refusals.isEmpty && fixture.observer.failures.isEmpty)
    }

    @Test("a rate that is used up is told once")
    func rate() throws {
        let fixture = GatewayFixture(Self.manifest)
        try fixture.send(.get, "/api/rare")
        #expect(fixture.observer.denials.isEmpty)
        #expect(try fixture.send(.get, "/api/rare").status == Status(429))
        #expect(fixture.observer.denials.map(\.reason) == ["rate_limit"])
    }

    @Test("a streamed body that is too long by its length is told as any other that is too long")
    func tooLong() {
        let fixture = GatewayFixture(Self.manifest)
        let responder = FakeResponder()
        var request = GatewayFixture.request(.put, "/api/upload")
        request.contentLength = 101
        _ = fixture.pipeline.accept(request, responder)
        #expect(responder.responses.map(\.status) == [Status(413)])
        #expect(fixture.observer.refusals.map(\.failure) == [.bodyTooLarge])
        #expect(fixture.observer.denials.isEmpty)
    }

    @Test(
        "a body that cannot be read is told once",
        arguments: [
            ("gzip", 400, "bad_request"), ("br", 415, "unsupported_media_type"),
        ] as [(String, UInt16, String)])
    func body(coding: String, status: UInt16, reason: String) throws {
        let fixture = GatewayFixture(Self.manifest)
        let (plan, responder) = fixture.accept(.post, "/api/users", ["content-encoding": coding])
        guard case .gather(_, let receiver) = plan else { throw Unexpected() }
        receiver.gathered(Array("no gzip".utf8))
        #expect(responder.responses.map(\.status) == [Status(status)])
        #expect(fixture.observer.denials.map(\.reason) == [reason])
    }

    @Test(
        "ordinary answers are told by the request's own line only",
        arguments: [("/api/nothing", 404), ("/api/users?page=0", 400), ("/api/hello", 200)] as [(String, UInt16)])
    func ordinary(target: String, status: UInt16) throws {
        let fixture = GatewayFixture(Self.manifest)
        #expect(try fixture.send(.get, target).status == Status(status))
        #expect(fixture.observer.denials.isEmpty && fixture.observer.refusals.isEmpty)
        #expect(fixture.observer.records.count == 1)
    }

    @Test("what a handler refuses is its own affair")
    func handler() throws {
        let fixture = GatewayFixture(Self.manifest)
        let reply = Reply(kind: .error(.badRequest("The handler says no")))
        #expect(try fixture.send(.get, "/api/hello", reply: reply).status == Status(400))
        #expect(fixture.observer.denials.isEmpty)
    }
}
