import Testing
import WireProtocol

@testable import Gateway

@Suite("What becomes of a worker's reply")
struct ReplyTests {
    @Test("a plain reply keeps status, fields and body")
    func plain() throws {
        let reply = Reply(
            status: .created, headers: ["content-type": "application/json", "location": "/users/1"],
            body: Array("{}".utf8))
        let response = try GatewayFixture().send(.get, "/api/hello", ["x-request-id": "r"], reply: reply)
        #expect(response.status == .created)
        #expect(response.text == "{}")
        #expect(
            response.headers == [
                "content-type": "application/json", "location": "/users/1", "cache-control": "no-cache",
                "vary": "api-version", "x-content-type-options": "nosniff", "x-request-id": "r",
            ])
    }

    @Test("several Set-Cookie stay apart, and a handler's Vary stays")
    func repeated() throws {
        var headers: HeaderList = ["set-cookie": "a=1", "vary": "origin"]
        headers.append("set-cookie", "b=2")
        let response = try GatewayFixture().send(.get, "/api/hello", reply: Reply(headers: headers))
        #expect(response.headers.values("set-cookie") == ["a=1", "b=2"])
        #expect(response.headers.values("vary") == ["origin", "api-version"])
    }

    @Test("the gateway's own fields are not the handler's to set")
    func ownFields() throws {
        let reply = Reply(headers: [
            "x-request-id": "fake", "date": "today", "swiftlet-worker": "1", "swift": "y",
            "x-content-type-options": "sniff",
        ])
        let response = try GatewayFixture().send(.post, "/api/users", ["x-request-id": "r"], reply: reply)
        #expect(
            response.headers == [
                "swift": "y", "vary": "api-version", "x-content-type-options": "nosniff", "x-request-id": "r",
            ])
    }

    @Test(
        "a field that would break the response is a crash, and nothing of it is sent",
        arguments: [
            ("x", "a\r\nset-cookie: b"), ("x", "a\nb"), ("x", "a\rb"), ("x", "a\u{0}b"), ("x", "a\u{1}"),
            ("x", "\u{7F}"), ("x y", "a"), ("x:", "a"), ("x\r\n", "a"), ("content-length", "5"),
            ("transfer-encoding", "chunked"), ("connection", "close"), ("keep-alive", "1"),
            ("upgrade", "h2c"),
            ("trailer", "x"), ("te", "trailers"), ("proxy-connection", "close"),
        ])
    func illegal(name: String, value: String) throws {
        let fixture = GatewayFixture()
        var headers: HeaderList = ["x-secret": "kept-back"]
        headers.append(name, value)
        for kind in [Reply.Kind.response, .error(APIError(.conflict, headers: headers))] {
            let reply = Reply(headers: headers, kind: kind, body: Array("hidden".utf8))
            let response = try fixture.send(.get, "/api/hello", reply: reply)
            #expect(response.status == Status(502))
            #expect(response.text.contains(#""code":"FUNCTION_CRASHED""#))
            #expect(!response.text.contains("hidden"))
            #expect(
                response.headers.fields.map(\.name) == [
                    "content-type", "cache-control", "vary", "x-content-type-options", "x-request-id",
                ])
        }
        #expect(fixture.observer.failures.count == 2)
    }

    @Test("tabs and bytes above ASCII are legal in a field")
    func legal() throws {
        let response = try GatewayFixture().send(.get, "/api/hello", reply: Reply(headers: ["x": "a\tü"]))
        #expect(response.headers["x"] == "a\tü")
    }

    @Test("a status outside 200 to 599 is a crash", arguments: [0, 42, 100, 101, 199, 600, 1000, 65535])
    func illegalStatus(code: UInt16) throws {
        let response = try GatewayFixture().send(.get, "/api/hello", reply: Reply(status: Status(code)))
        #expect(response.status == Status(502))
    }

    @Test("204 and 304 lose their body", arguments: [204, 304])
    func noBody(code: UInt16) throws {
        let fixture = GatewayFixture()
        let reply = Reply(status: Status(code), body: Array("body".utf8))
        #expect(try fixture.send(.get, "/api/hello", reply: reply).body.isEmpty)
        #expect(fixture.observer.records.first?.bytes == 0)
    }

    @Test("a handler's error becomes the envelope with its own fields")
    func error() throws {
        let fixture = GatewayFixture()
        let error = APIError(
            code: "OUT_OF_STOCK", status: Status(409), message: "None left",
            headers: ["retry-after": "60", "x-request-id": "fake"])
        let response = try fixture.send(
            .get, "/api/hello", ["x-request-id": "r"], reply: Reply(kind: .error(error)))
        #expect(response.status == Status(409))
        #expect(response.headers["retry-after"] == "60")
        #expect(response.headers.values("x-request-id") == ["r"])
        #expect(
            response.text.hasPrefix(#"{"error":{"code":"OUT_OF_STOCK","status":409,"message":"None left","#))
        #expect(fixture.observer.failures.isEmpty)
    }

    @Test("a handler's error with a status that is none is a 500", arguments: [0, 200, 399, 600])
    func errorStatus(code: UInt16) throws {
        let fixture = GatewayFixture()
        let error = APIError(code: "ODD", status: Status(code), message: "odd")
        let response = try fixture.send(.get, "/api/hello", reply: Reply(kind: .error(error)))
        #expect(response.status == Status(500))
        #expect(response.text.contains(#""code":"INTERNAL_ERROR""#))
        #expect(fixture.observer.failures.first?.error.cause?.contains("ODD") == true)
    }

    @Test("a cause is logged with the request's id and never sent")
    func cause() throws {
        let fixture = GatewayFixture()
        let error = APIError(.internalError, cause: "fatal: relation users does not exist")
        let response = try fixture.send(
            .get, "/api/hello", ["x-request-id": "r"], reply: Reply(kind: .error(error)))
        #expect(!response.text.contains("relation"))
        #expect(
            fixture.observer.failures == [.init(error: error, requestID: .given("r"), function: "Hello")])
    }

    @Test(
        "what the pools answer leaves by the same envelope",
        arguments: [ErrorCode.functionCrashed, .functionTimeout, .overloaded, .functionUnavailable])
    func poolFailures(code: ErrorCode) throws {
        let fixture = GatewayFixture()
        let (plan, responder) = fixture.accept(.get, "/api/hello")
        guard case .gather(_, let receiver) = plan else { throw Unexpected() }
        receiver.gathered([])
        let sink = try #require(fixture.invoker.calls.first).sink
        sink.failed(APIError(code, headers: ["retry-after": "1"]), from: nil)
        // A late answer goes to nobody.
        sink.reply(Reply(), from: FakeInvoker.worker)
        #expect(responder.responses.count == 1)
        let response = try #require(responder.responses.first)
        #expect(response.status == code.status)
        #expect(response.headers["retry-after"] == "1")
    }
}
