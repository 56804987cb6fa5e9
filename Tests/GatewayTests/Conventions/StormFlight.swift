import WireProtocol

@testable import Gateway

/// A request under way in a storm, with what the front door and the workers promise: a body once, an end of each
/// invocation once and never after it was cancelled, nothing after the client has gone.
final class StormFlight {
    let trip: Trip
    private let body: [UInt8]
    private let flow = FakeFlow()
    private var hasBody = false
    private var hasLeft = false
    private var isBegun = false
    private var isEnded = false
    /// Where the invocation stands among all, once there is one.
    private var place: Int?
    /// What the client had when it left.
    private var seen = 0

    init(_ trip: Trip, _ body: [UInt8]) {
        self.trip = trip
        self.body = body
    }

    /// How much the client was sent.
    private var sent: Int { trip.responder.responses.count + trip.responder.events.count { $0 != .readOn } }

    /// What became of it, in words.
    var met: [String] {
        guard let response = trip.responder.responses.first else {
            return trip.responder.events.last.map { ["\($0)"] } ?? ["left"]
        }
        var met = [String(response.status.code)]
        for word in ["hit", "stored", "collapsed", "bypass"]
        where response.headers["cache-status"]?.contains(word) == true {
            met.append(word)
        }
        if response.headers.contains("idempotent-replayed") { met.append("replayed") }
        if response.headers.contains("content-encoding") { met.append("gzip") }
        return met
    }

    private var isAnswered: Bool {
        !trip.responder.responses.isEmpty || [.finished, .aborted].contains(trip.responder.events.last)
    }

    /// The invocation, while the worker is at it.
    private var call: FakeInvoker.Call? {
        guard !isEnded, let receiver = trip.receiver else { return nil }
        let calls = trip.fixture.invoker.calls
        if place == nil { place = calls.lastIndex { ($0.sink as AnyObject) === (receiver as AnyObject) } }
        guard let place else { return nil }
        return trip.fixture.invoker.cancelled.contains { $0.serial == UInt64(place + 1) } ? nil : calls[place]
    }

    /// Whether nothing more comes.
    var isOver: Bool { (hasLeft || isAnswered) && call == nil }

    /// The body comes, or some of it, or it breaks off.
    func giveBody(_ random: inout SplitMix) {
        guard !hasBody, !hasLeft, !isAnswered, let receiver = trip.receiver else { return }
        let isBroken = Int.random(in: 0..<12, using: &random) == 0
        if trip.isStreamed, !isBroken {
            guard trip.responder.events.contains(.readOn) else { return }
            _ = body.withUnsafeBytes { receiver.bodyPart($0) }
            if Bool.random(using: &random) { return }
            receiver.bodyEnded()
        } else if isBroken {
            receiver.failed([.tooSlow, .bodyTooLarge, .chunk][Int.random(in: 0..<3, using: &random)])
        } else {
            receiver.gathered(body)
        }
        hasBody = true
    }

    /// The worker does something.
    func answer(_ random: inout SplitMix) {
        guard let sink = call?.sink else { return }
        if isBegun { return goOn(sink, &random) }
        let text = "\"" + String(repeating: "a", count: Int.random(in: 0..<300, using: &random)) + "\""
        switch Int.random(in: 0..<14, using: &random) {
        case 0..<4: finish { sink.reply(.json(text), from: FakeInvoker.worker) }
        case 4: finish { sink.reply(.json("[]", status: .created), from: FakeInvoker.worker) }
        case 5:
            finish { sink.reply(Reply(status: .noContent, headers: ["set-cookie": "a=1"]), from: FakeInvoker.worker) }
        case 6: finish { sink.reply(Reply(kind: .page(total: 3), body: Array("[1]".utf8)), from: FakeInvoker.worker) }
        case 7: finish { sink.reply(Reply(kind: .error(.notFound("item"))), from: FakeInvoker.worker) }
        case 8: finish { sink.reply(Reply(kind: .error(APIError(.internalError))), from: FakeInvoker.worker) }
        case 9: finish { sink.reply(Reply(status: Status(42)), from: FakeInvoker.worker) }
        case 10:
            let codes: [ErrorCode] = [.functionCrashed, .functionTimeout, .overloaded, .functionUnavailable]
            let code = codes[Int.random(in: 0..<4, using: &random)]
            finish { sink.failed(APIError(code), from: nil) }
        case 11, 12:
            isBegun = true
            sink.began(
                .json("", status: Status([200, 204, 500, 42][Int.random(in: 0..<4, using: &random)])), length: nil,
                flow, from: FakeInvoker.worker)
        default: sink.bodyWanted(10, by: flow)
        }
    }

    private func goOn(_ sink: any ReplySink, _ random: inout SplitMix) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: finish { sink.failed(APIError(.functionTimeout), from: nil) }
        case 1: finish { sink.ended() }
        default: ([1, 2] as [UInt8]).withUnsafeBytes { sink.part($0) }
        }
    }

    private func finish(_ end: () -> Void) {
        isEnded = true
        end()
    }

    func leave() {
        guard !hasLeft, !isAnswered else { return }
        trip.receiver?.clientGone()
        hasLeft = true
        seen = sent
    }

    /// Looks whether anything was sent that must not have been.
    func check(_ faults: inout [String]) {
        if trip.responder.responses.count > 1 { faults.append("two responses") }
        let events = trip.responder.events.filter { $0 != .readOn }
        if !events.isEmpty, !trip.responder.responses.isEmpty { faults.append("a response beside a stream") }
        for (place, event) in events.enumerated() {
            var isFirst = false
            if case .began = event { isFirst = true }
            if isFirst != (place == 0) { faults.append("a stream begins once, at its beginning") }
            if event == .finished || event == .aborted, place != events.count - 1 {
                faults.append("something after a stream's end")
            }
        }
        if hasLeft, sent != seen { faults.append("something was sent to a client that is gone") }
    }
}
