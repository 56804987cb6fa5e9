import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("What the worker is handed")
struct InvocationTests {
    @Test("an invocation carries all that the route and the request say")
    func whole() throws {
        let fixture = GatewayFixture()
        let (plan, _) = fixture.accept(.post, "/api/users?x=1", ["content-type": "application/json"])
        guard case .gather(let limit, let receiver) = plan else { throw Unexpected() }
        #expect(limit == 1000)
        #expect(fixture.invoker.calls.isEmpty)
        receiver.gathered(Array("{}".utf8))
        let call = try #require(fixture.invoker.calls.first)
        #expect(call.function == FunctionID(2))
        #expect(call.invocation.method == .post)
        #expect(call.invocation.path == Array("/api/users".utf8))
        #expect(call.invocation.parameters.isEmpty)
        #expect(call.invocation.query == [.init("x", "1")])
        #expect(call.invocation.headers == ["content-type": "application/json"])
        #expect(call.invocation.caller == .anonymous)
        #expect(call.invocation.page == nil)
        #expect(call.invocation.timeoutMilliseconds == 2500)
        #expect(call.invocation.body == Array("{}".utf8))
    }

    @Test("path parameters are handed over, and a rest with its slashes")
    func parameters() throws {
        let fixture = GatewayFixture()
        try fixture.send(.get, "/api/v1/users/42")
        #expect(fixture.invoker.calls.last?.invocation.parameters == [.init("id", "42")])
        try fixture.send(.get, "/api/files/a/b c/ü.txt")
        #expect(fixture.invoker.calls.last?.invocation.parameters == [.init("path", "a/b c/ü.txt")])
    }

    @Test(
        "a query is decoded",
        arguments: [
            ("", []), ("a=1", [("a", "1")]), ("a=1&a=2", [("a", "1"), ("a", "2")]), ("a", [("a", "")]),
            ("a=", [("a", "")]), ("=v", [("", "v")]), ("&&a=1&", [("a", "1")]), ("a=b=c", [("a", "b=c")]),
            ("a+b=c+d", [("a b", "c d")]), ("a%3Db=%26%2B%25", [("a=b", "&+%")]),
            ("n=%C3%BC%e2%82%ac", [("n", "ü€")]), ("q=%F0%9F%98%80", [("q", "😀")]),
            ("a=1;b=2", [("a", "1;b=2")]),
        ] as [(String, [(String, String)])])
    func query(query: String, expected: [(String, String)]) throws {
        let fixture = GatewayFixture()
        try fixture.send(.get, "/api/hello?" + query)
        #expect(
            fixture.invoker.calls.first?.invocation.query
                == expected.map { Invocation.Parameter($0.0, $0.1) })
    }

    @Test(
        "a malformed query is BAD_REQUEST",
        arguments: [
            "a=%", "a=%4", "a=%zz", "%=1", "a=%C3", "a=%C3%28", "a=%ED%A0%80", "a=%C0%80", "a=%00",
            "ok=1&b=%f",
        ])
    func malformed(query: String) throws {
        let fixture = GatewayFixture()
        let response = try fixture.send(.get, "/api/hello?" + query)
        #expect(response.status == Status(400))
        #expect(response.text.contains(#""code":"BAD_REQUEST""#))
        #expect(!response.text.contains("%"))
        #expect(fixture.invoker.calls.isEmpty)
    }

    @Test(
        "a body that cannot be read is answered, logged and reaches no worker",
        arguments: [ParseFailure.bodyTooLarge, .tooSlow, .chunk])
    func failedBody(failure: ParseFailure) throws {
        let fixture = GatewayFixture()
        let (plan, responder) = fixture.accept(.post, "/api/users")
        guard case .gather(_, let receiver) = plan else { throw Unexpected() }
        receiver.failed(failure)
        receiver.gathered([])
        #expect(responder.responses.map(\.status) == [failure.status])
        #expect(fixture.invoker.calls.isEmpty)
        #expect(fixture.observer.refusals.map(\.failure) == [failure])
        #expect(fixture.observer.records.map(\.status) == [failure.status])
    }

    @Test("a client that goes away cancels its invocation and is sent nothing")
    func clientGone() throws {
        let fixture = GatewayFixture()
        let (plan, responder) = fixture.accept(.get, "/api/hello")
        guard case .gather(_, let receiver) = plan else { throw Unexpected() }
        receiver.gathered([])
        receiver.clientGone()
        receiver.clientGone()
        #expect(fixture.invoker.cancelled == [InvocationTicket(function: FunctionID(5), serial: 1)])
        try #require(fixture.invoker.calls.first).sink.reply(Reply(), from: FakeInvoker.worker)
        #expect(responder.responses.isEmpty)
        #expect(fixture.observer.records.map(\.status) == [Status(499)])
    }

    @Test("a client that goes away before its body is there invokes nothing")
    func goneEarly() throws {
        let fixture = GatewayFixture()
        let (plan, _) = fixture.accept(.post, "/api/users")
        guard case .gather(_, let receiver) = plan else { throw Unexpected() }
        receiver.clientGone()
        receiver.gathered([])
        #expect(fixture.invoker.calls.isEmpty)
        #expect(fixture.invoker.cancelled.isEmpty)
    }

    @Test("a new generation decides what begins after it, the old one ends what began before")
    func replaced() throws {
        let fixture = GatewayFixture()
        let (plan, responder) = fixture.accept(.get, "/api/events")
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        manifest.functions = [GatewayFixture.function("Other", "GET /other")]
        let newInvoker = FakeInvoker()
        fixture.pipeline.replace(
            by: GatewayFixture.generation(manifest, newInvoker) { index, _ in FunctionID(index + 100) })
        guard case .gather(_, let receiver) = plan else { throw Unexpected() }
        receiver.gathered([])
        let reply = Reply(kind: .cursorPage(next: nil), body: Array("[]".utf8))
        try #require(fixture.invoker.calls.first).sink.reply(reply, from: FakeInvoker.worker)
        #expect(responder.responses.first?.status == .ok)

        for loop in 0...1 {
            let gone = FakeResponder()
            _ = fixture.pipeline.accept(GatewayFixture.request(.get, "/api/events", loop: loop), gone)
            #expect(gone.responses.first?.status == Status(404))
        }
        let (next, _) = fixture.accept(.get, "/other")
        guard case .gather(_, let receiver) = next else { throw Unexpected() }
        receiver.gathered([])
        #expect(newInvoker.calls.first?.function == FunctionID(100))
    }

    @Test("generations put in place from several threads leave the last one, for every loop")
    func replacedAtOnce() async throws {
        let fixture = GatewayFixture()
        await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    fixture.pipeline.replace(
                        by: GatewayFixture.generation(GatewayFixture.manifest, FakeInvoker()))
                }
            }
        }
        let last = FakeInvoker()
        fixture.pipeline.replace(by: GatewayFixture.generation(GatewayFixture.manifest, last))
        for loop in 0...1 {
            let plan = fixture.pipeline.accept(
                GatewayFixture.request(.get, "/api/hello", loop: loop), FakeResponder())
            guard case .gather(_, let receiver) = plan else { throw Unexpected() }
            receiver.gathered([])
        }
        #expect(last.calls.map(\.loop) == [0, 1])
    }
}
