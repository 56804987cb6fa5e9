import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Request bodies that pass through part by part")
struct StreamedRequestTests {
    struct Running {
        let fixture: GatewayFixture
        let flow = FakeFlow()
        let responder: FakeResponder
        let receiver: any RequestReceiver
        let sink: any ReplySink

        init(length: Int? = 10) throws {
            fixture = StreamedRequestTests.fixture
            let (plan, responder) = StreamedRequestTests.accept(fixture, length: length)
            guard case .stream(100, let receiver) = plan else { throw Unexpected() }
            self.responder = responder
            self.receiver = receiver
            sink = try #require(fixture.invoker.calls.last).sink
        }

        func part(_ text: String) -> Bool { Array(text.utf8).withUnsafeBytes { receiver.bodyPart($0) } }
    }

    static var fixture: GatewayFixture {
        var manifest = GatewayFixture.manifest
        var upload = GatewayFixture.function("Upload", "PUT /upload")
        upload.stream.request = true
        upload.body = ByteCount(bytes: 100)
        manifest.functions.append(upload)
        return GatewayFixture(manifest)
    }

    static func accept(_ fixture: GatewayFixture, length: Int?) -> (plan: BodyPlan, responder: FakeResponder) {
        let responder = FakeResponder()
        var request = GatewayFixture.request(.put, "/api/upload?a=1", ["content-type": "text/csv"])
        request.contentLength = length
        return (fixture.pipeline.accept(request, responder), responder)
    }

    @Test("the function is asked before the body is read", arguments: [nil, 10] as [Int?])
    func head(length: Int?) throws {
        let running = try Running(length: length)
        let invocation = try #require(running.fixture.invoker.calls.first).invocation
        #expect(invocation.placement == .follows(length: length))
        #expect(invocation.body.isEmpty && invocation.query == [.init("a", "1")])
        #expect(running.responder.events.isEmpty)
    }

    @Test("a request without a body is as any other")
    func empty() throws {
        let fixture = Self.fixture
        guard case .gather(_, let receiver) = Self.accept(fixture, length: 0).plan else { throw Unexpected() }
        receiver.gathered([])
        #expect(fixture.invoker.calls.map(\.invocation.placement) == [.whole])
    }

    @Test("a body that is known to be too long is refused before anybody is asked")
    func tooLong() {
        let fixture = Self.fixture
        let (plan, responder) = Self.accept(fixture, length: 101)
        guard case .answered = plan else {
            Issue.record("the body is read")
            return
        }
        #expect(responder.responses.map(\.status) == [Status(413)])
        #expect(fixture.invoker.calls.isEmpty)
    }

    @Test("as much is read as the worker asks for")
    func room() throws {
        let running = try Running()
        running.sink.bodyWanted(4, by: running.flow)
        #expect(running.responder.events == [.readOn])
        #expect(running.part("abc") == true)
        #expect(running.part("defgh") == false)
        running.sink.bodyWanted(4, by: running.flow)
        #expect(running.responder.events == [.readOn], "what came too early has used it up")
        running.sink.bodyWanted(1, by: running.flow)
        #expect(running.responder.events == [.readOn, .readOn])
        _ = running.part("ij")
        running.receiver.bodyEnded()
        #expect(running.flow.sent == Array("abcdefghij".utf8) && running.flow.isEnded)
        running.sink.reply(Reply(body: [1]), from: FakeInvoker.worker)
        #expect(running.responder.responses.map(\.status) == [.ok])
    }

    @Test("another worker may take the body over as long as nothing of it was sent", arguments: [false, true])
    func takenOver(sent: Bool) throws {
        let running = try Running()
        running.sink.bodyWanted(10, by: running.flow)
        if sent { _ = running.part("abc") }
        let other = FakeFlow()
        running.sink.bodyWanted(5, by: other)
        if sent {
            #expect(running.responder.responses.map(\.status) == [Status(502)])
            #expect(running.fixture.invoker.cancelled.count == 1)
        } else {
            #expect(running.part("abcde") == false)
            #expect(other.sent == Array("abcde".utf8) && running.flow.sent.isEmpty)
        }
    }

    @Test(
        "a body that breaks off is the client's fault, and the function is cancelled",
        arguments: [(.tooSlow, 408), (.bodyTooLarge, 413), (.chunk, 400)] as [(ParseFailure, UInt16)])
    func broken(failure: ParseFailure, status: UInt16) throws {
        let running = try Running()
        running.sink.bodyWanted(4, by: running.flow)
        running.receiver.failed(failure)
        #expect(running.responder.responses.map(\.status.code) == [status])
        #expect(running.fixture.invoker.cancelled.count == 1)
        #expect(running.fixture.observer.refusals.map(\.failure) == [failure])
        #expect(running.part("late") == false && running.flow.sent.isEmpty)
    }

    @Test("one that breaks off under an answer breaks the answer off")
    func brokenUnderAnswer() throws {
        let running = try Running()
        running.sink.bodyWanted(4, by: running.flow)
        running.sink.began(Reply(), length: nil, running.flow, from: FakeInvoker.worker)
        running.receiver.failed(.tooSlow)
        #expect(running.responder.events.last == .aborted)
        #expect(running.fixture.invoker.cancelled.count == 1)
    }

    @Test("an answer may begin and end before the body does")
    func early() throws {
        let running = try Running()
        running.sink.bodyWanted(4, by: running.flow)
        running.sink.began(Reply(), length: nil, running.flow, from: FakeInvoker.worker)
        #expect(running.part("ab") == true)
        running.sink.ended()
        #expect(running.part("cd") == false)
        #expect(running.flow.sent == Array("ab".utf8))
        #expect(running.responder.events == [.readOn, .began(.ok, contentLength: nil), .finished])
    }

    @Test("a client that goes away cancels the function")
    func gone() throws {
        let running = try Running()
        running.sink.bodyWanted(4, by: running.flow)
        running.receiver.clientGone()
        #expect(running.fixture.invoker.cancelled.count == 1)
        #expect(running.fixture.observer.records.map(\.status) == [Status(499)])
    }
}
