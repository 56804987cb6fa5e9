import Testing
import WireProtocol

@testable import Gateway

@Suite("Request ids and traces")
struct IdentityTests {
    static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test(
        "an acceptable id is kept, in the response, the invocation and the log",
        arguments: ["a", "req_01J", "A-b.c_9", String(repeating: "x", count: 128)])
    func kept(id: String) throws {
        let fixture = GatewayFixture()
        let response = try fixture.send(.get, "/api/hello", ["x-request-id": id])
        #expect(response.headers.values("x-request-id") == [id])
        #expect(fixture.invoker.calls.first?.invocation.requestID == .given(id))
        #expect(fixture.invoker.calls.first?.invocation.headers.contains("x-request-id") == false)
        #expect(fixture.observer.records.first?.requestID == .given(id))
    }

    @Test(
        "any other id is replaced by a time-ordered one",
        arguments: ["", "a b", "ä", "a\"b", "a/b", String(repeating: "x", count: 129)])
    func replaced(id: String) throws {
        let response = try GatewayFixture().send(.get, "/api/hello", ["x-request-id": id])
        let made = try #require(response.headers["x-request-id"])
        #expect(made.wholeMatch(of: /req_[0-9A-HJKMNP-TV-Z]{26}/) != nil)
        // 2026-11-21T02:55:00.123Z in Crockford's base 32.
        #expect(
            made.hasPrefix(
                String(RequestID.generated(high: 1_795_229_700_123 << 16, low: 0).description.prefix(14))))
    }

    @Test(
        "every answer has an id: errors, OPTIONS, health",
        arguments: ["/api/nothing", "/api/users?page=0", "/health"])
    func everywhere(target: String) throws {
        let response = try GatewayFixture().send(.get, target)
        #expect(response.headers.values("x-request-id").count == 1)
    }

    @Test("ids made one after the other differ, on every loop")
    func unique() throws {
        let fixture = GatewayFixture()
        var ids: Set<String> = []
        for index in 0..<1000 {
            let responder = FakeResponder()
            _ = fixture.pipeline.accept(GatewayFixture.request(.get, "/x", loop: index % 2), responder)
            ids.insert(try #require(responder.responses.first?.headers["x-request-id"]))
        }
        #expect(ids.count == 1000)
    }

    @Test("a loop that there is not is an internal error and no crash")
    func unknownLoop() {
        let responder = FakeResponder()
        _ = GatewayFixture().pipeline.accept(GatewayFixture.request(.get, "/x", loop: 7), responder)
        #expect(responder.responses.first?.status == Status(500))
    }

    @Test(
        "a valid traceparent keeps its trace and flag and gets a new parent",
        arguments: [
            (parent, UInt8(1)), ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", 0),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff", 1),
            ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes", 1),
        ])
    func validTrace(traceparent: String, flags: UInt8) throws {
        let fixture = GatewayFixture()
        var headers: HeaderList = ["traceparent": traceparent, "tracestate": "a=1,b=2", "x-other": "y"]
        headers.append("tracestate", "c=3")
        try fixture.send(.get, "/api/hello", headers)
        let invocation = try #require(fixture.invoker.calls.first).invocation
        #expect(invocation.trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(invocation.trace.parent != 0x00f0_67aa_0ba9_02b7)
        #expect(invocation.trace.parent != 0)
        #expect(invocation.trace.flags == flags)
        #expect(invocation.trace.state == "a=1,b=2,c=3")
        #expect(invocation.headers == ["x-other": "y"])
        #expect(fixture.observer.records.first?.trace == invocation.trace)
    }

    @Test(
        "an invalid or absent traceparent starts a new trace and drops tracestate",
        arguments: [
            nil, "", "00", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01x",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        ] as [String?])
    func invalidTrace(traceparent: String?) throws {
        let fixture = GatewayFixture()
        var headers: HeaderList = ["tracestate": "a=1"]
        if let traceparent { headers.append("traceparent", traceparent) }
        try fixture.send(.get, "/api/hello", headers)
        let invocation = try #require(fixture.invoker.calls.first).invocation
        #expect(invocation.trace.traceID != "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(invocation.trace.traceHigh | invocation.trace.traceLow != 0)
        #expect(invocation.trace.parent != 0)
        #expect(invocation.trace.state == nil)
        #expect(invocation.headers == HeaderList())
    }

    @Test("two traceparents are none")
    func doubledTrace() throws {
        let fixture = GatewayFixture()
        var headers: HeaderList = ["traceparent": Self.parent]
        headers.append("traceparent", Self.parent)
        try fixture.send(.get, "/api/hello", headers)
        let trace = try #require(fixture.invoker.calls.first).invocation.trace
        #expect(trace.traceID != "4bf92f3577b34da6a3ce929d0e0e4736")
    }

    @Test("xoshiro256** gives the reference's numbers")
    func reference() {
        var random = FastRandom(seed: (1, 2, 3, 4))
        #expect(
            (0..<5).map { _ in random.next() } == [
                11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
            ])
    }
}
