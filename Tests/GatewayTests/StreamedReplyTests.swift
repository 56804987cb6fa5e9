import Testing
import WireProtocol

@testable import Gateway

@Suite("Replies that pass through part by part")
struct StreamedReplyTests {
    struct Running {
        let fixture = GatewayFixture()
        let flow = FakeFlow()
        let responder: FakeResponder
        let receiver: any RequestReceiver
        let sink: any ReplySink

        init(_ method: Method = .get, _ target: String = "/api/hello") throws {
            let (plan, responder) = fixture.accept(method, target)
            guard case .gather(_, let receiver) = plan else { throw Unexpected() }
            receiver.gathered([])
            self.responder = responder
            self.receiver = receiver
            sink = try #require(fixture.invoker.calls.last).sink
        }

        func begin(_ reply: Reply = Reply(headers: ["content-type": "text/plain"]), length: Int? = nil) {
            sink.began(reply, length: length, flow, from: FakeInvoker.worker)
        }

        func part(_ text: String) { Array(text.utf8).withUnsafeBytes { sink.part($0) } }
    }

    @Test("a reply is passed on as it comes, with the fields of every answer", arguments: [nil, 6] as [Int?])
    func whole(length: Int?) throws {
        let running = try Running()
        running.begin(length: length)
        running.part("abc")
        running.part("def")
        running.sink.ended()
        #expect(
            running.responder.events == [
                .began(.ok, contentLength: length), .wrote(Array("abc".utf8)), .wrote(Array("def".utf8)), .finished,
            ])
        #expect(running.responder.headers["content-type"] == "text/plain")
        #expect(running.responder.headers["x-request-id"] != nil)
        #expect(running.flow.consumed == [3, 3])
        let record = try #require(running.fixture.observer.records.first)
        #expect(record.status == .ok && record.bytes == 6 && record.worker == FakeInvoker.worker)
        #expect(running.fixture.observer.records.count == 1 && running.fixture.observer.failures.isEmpty)
    }

    @Test("what the client has not taken is not asked for again before it has")
    func backpressure() throws {
        let running = try Running()
        running.begin()
        running.responder.setWritable(false)
        for text in ["a", "bb", "ccc"] { running.part(text) }
        #expect(running.flow.consumed.isEmpty)
        running.responder.setWritable(true)
        #expect(running.flow.consumed == [6])
        running.part("d")
        #expect(running.flow.consumed == [6, 1])
    }

    @Test("HEAD gets the head alone, and the function is told that nobody reads", arguments: [nil, 1000] as [Int?])
    func head(length: Int?) throws {
        let running = try Running(.head)
        running.begin(length: length)
        running.part("abc")
        running.sink.ended()
        #expect(running.responder.events == [.began(.ok, contentLength: length), .finished])
        #expect(running.fixture.invoker.cancelled.count == 1)
        #expect(running.fixture.observer.records.map(\.bytes) == [0])
    }

    @Test("a status without a body has none")
    func noBody() throws {
        let running = try Running()
        running.begin(Reply(status: .noContent))
        running.part("abc")
        #expect(running.responder.events == [.began(.noContent, contentLength: nil), .finished])
        #expect(running.fixture.invoker.cancelled.count == 1)
    }

    @Test("a reply that breaks off ends the connection and is logged")
    func brokenOff() throws {
        let running = try Running()
        running.begin()
        running.part("abc")
        running.sink.failed(APIError(.internalError, cause: "Boom()"), from: FakeInvoker.worker)
        running.part("late")
        running.sink.ended()
        #expect(running.responder.events.last == .aborted)
        #expect(running.responder.responses.isEmpty)
        #expect(running.fixture.observer.failures.map(\.error.cause) == ["Boom()"])
        #expect(running.fixture.observer.records.map(\.bytes) == [3])
    }

    @Test("a client that goes away cancels the function", arguments: [true, false])
    func gone(begun: Bool) throws {
        let running = try Running()
        if begun { running.begin() }
        running.receiver.clientGone()
        #expect(running.fixture.invoker.cancelled.count == 1)
        #expect(running.fixture.observer.records.map(\.status) == [begun ? .ok : Status(499)])
    }

    @Test("a head that breaks the rules is 502, and nothing of it is sent")
    func nonsense() throws {
        let running = try Running()
        running.begin(Reply(headers: ["content-length": "5"]))
        running.part("abc")
        running.sink.ended()
        #expect(running.responder.events.isEmpty)
        #expect(running.responder.responses.map(\.status) == [Status(502)])
        #expect(running.fixture.invoker.cancelled.count == 1)
    }

    @Test("where a page is wanted a stream is the function's fault")
    func paged() throws {
        let running = try Running(.get, "/api/users")
        running.begin()
        #expect(running.responder.responses.map(\.status) == [Status(500)])
    }
}
