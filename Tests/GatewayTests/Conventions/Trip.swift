import Testing
import WireProtocol

@testable import Gateway

/// One request between the fake front door and the fake workers, step by step.
final class Trip {
    let fixture: GatewayFixture
    let responder = FakeResponder()
    /// Nil where the head was answered at once.
    let receiver: (any RequestReceiver)?
    /// Whether the body goes on part by part.
    let isStreamed: Bool

    /// Sends the head.
    ///
    /// - Parameter length: of the body; nil: not said.
    init(
        _ fixture: GatewayFixture, _ method: Method, _ target: String, _ headers: HeaderList = [:],
        peer: String = "192.0.2.7", loop: Int = 0, length: Int? = 0
    ) {
        self.fixture = fixture
        var request = GatewayFixture.request(method, target, headers, loop: loop)
        request.peer = peer
        request.arrived = fixture.time.clock.monotonicNanoseconds()
        request.contentLength = length
        switch fixture.pipeline.accept(request, responder) {
        case .answered: (receiver, isStreamed) = (nil, false)
        case .gather(_, let receiver): (self.receiver, isStreamed) = (receiver, false)
        case .stream(_, let receiver): (self.receiver, isStreamed) = (receiver, true)
        }
    }

    /// What the function was asked; nil while it was not.
    var call: FakeInvoker.Call? {
        guard let receiver else { return nil }
        return fixture.invoker.calls.last { ($0.sink as AnyObject) === (receiver as AnyObject) }
    }

    /// What the client was sent; nil while it was sent nothing.
    var response: OutgoingResponse? {
        #expect(responder.responses.count < 2)
        return responder.responses.first
    }

    /// The status that the client was sent.
    var status: UInt16? { response?.status.code }

    /// Sends the body, and lets the loops run.
    @discardableResult
    func body(_ bytes: [UInt8] = []) -> Trip {
        receiver?.gathered(bytes)
        fixture.loops.run()
        return self
    }

    /// Sends the body, and does not let the loops run: what is verified meanwhile waits for `QueuedLoop.runNext`.
    @discardableResult
    func bodyAlone(_ bytes: [UInt8] = []) -> Trip {
        receiver?.gathered(bytes)
        return self
    }

    /// The worker answers.
    @discardableResult
    func reply(_ reply: Reply = Reply()) -> Trip {
        call?.sink.reply(reply, from: FakeInvoker.worker)
        fixture.loops.run()
        return self
    }

    /// No worker can answer.
    @discardableResult
    func fail(_ code: ErrorCode) -> Trip {
        call?.sink.failed(APIError(code), from: nil)
        fixture.loops.run()
        return self
    }

    /// The client goes away.
    @discardableResult
    func leave() -> Trip {
        receiver?.clientGone()
        fixture.loops.run()
        return self
    }
}

extension GatewayFixture {
    /// A request with its body, as far as it goes by itself.
    func start(
        _ method: Method, _ target: String, _ headers: HeaderList = [:], body: [UInt8] = [],
        peer: String = "192.0.2.7", loop: Int = 0
    ) -> Trip {
        Trip(self, method, target, headers, peer: peer, loop: loop, length: body.count).body(body)
    }

    /// A whole request; where the function is asked it answers with `reply`.
    @discardableResult
    func ask(
        _ method: Method, _ target: String, _ headers: HeaderList = [:], body: [UInt8] = [],
        peer: String = "192.0.2.7", loop: Int = 0, reply: Reply = .json("{}")
    ) throws -> OutgoingResponse {
        try #require(start(method, target, headers, body: body, peer: peer, loop: loop).reply(reply).response)
    }

    /// Has a loop learn a token, by a request of its own to this address.
    func learn(_ token: String, at target: String = "/maybe", loop: Int = 0) async throws {
        let trip = Trip(self, .get, target, ["authorization": "Bearer " + token], loop: loop).bodyAlone()
        try #require(trip.response == nil && trip.call == nil)
        await loops.runNext()
        trip.reply()
        #expect(trip.status == 200)
    }
}

extension Reply {
    /// A JSON answer with these fields beside its type.
    static func json(_ text: String, status: Status = .ok, _ headers: HeaderList = [:]) -> Reply {
        var all: HeaderList = ["content-type": "application/json"]
        headers.forEach { all.append(name: $0, value: $1) }
        return Reply(status: status, headers: all, body: Array(text.utf8))
    }
}

extension OutgoingResponse {
    /// The code of the error envelope; nil for anything else.
    var code: String? { text.firstMatch(of: /"code":"([A-Z_]+)"/).map { String($0.1) } }
    /// The members of `Vary`, which must be one field.
    var vary: [String] {
        let lines = headers.values("vary")
        #expect(lines.count < 2)
        return lines.first?.split(separator: ", ").map(String.init) ?? []
    }
}
