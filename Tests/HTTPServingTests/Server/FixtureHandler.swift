import HTTPServing
import NIOCore
import Synchronization
import WireProtocol

/// Answers by path, and tells what it saw; the paths are listed in `accept`.
final class FixtureHandler: RequestHandler, HTTPServerObserver {
    let events: AsyncStream<ServingEvent>
    private let told: AsyncStream<ServingEvent>.Continuation
    private let loops: [any EventLoop]
    private let held = Mutex<[(responder: any Responder, loop: Int)]>([])

    init(loops: [any EventLoop]) {
        self.loops = loops
        (events, told) = AsyncStream.makeStream()
    }

    func tell(_ event: ServingEvent) { told.yield(event) }

    func accept(_ request: IncomingRequest, _ responder: any Responder) -> BodyPlan {
        let path = String(decoding: request.path, as: UTF8.self)
        tell(.accepted(path))
        let query = String(decoding: request.query, as: UTF8.self)
        let loop = loops[request.loop]
        switch path {
        case "/echo": return .gather(limit: 1_000_000, FixtureReceiver(self, responder))
        case "/small": return .gather(limit: 10, FixtureReceiver(self, responder))
        case "/stepwise": return .stream(limit: 1_000_000, StepwiseReceiver(self, responder, loop))
        case "/unread":
            loop.execute { responder.respond(.text("not read")) }
            return .stream(limit: 1_000_000, StepwiseReceiver(self, responder, nil))
        case "/held":
            held.withLock { $0.append((responder, request.loop)) }
            return .gather(limit: 1_000_000, FixtureReceiver(self, responder, answers: false))
        case "/last-word":
            return .gather(limit: 10, FixtureReceiver(self, responder, answers: false, lastWord: "cut off"))
        case "/hop": loop.execute { responder.respond(.text(query)) }
        case "/large": responder.respond(.text(String(repeating: "x", count: Int(query) ?? 0)))
        case "/refuse": responder.respond(.text("no", status: Status(403)))
        case "/bad": responder.respond(.text("bad", headers: ["x": "a\r\nset-cookie: b"]))
        case "/framed": responder.respond(.text("bad", headers: ["content-length": "1"]))
        case "/empty": responder.respond(.text("dropped", status: .noContent))
        case "/twice":
            responder.respond(.text("first"))
            responder.respond(.text("second"))
            responder.begin(.ok, HeaderList(), contentLength: nil)
        case "/stale":
            for late in held.withLock({ $0 }) { late.responder.respond(.text("late")) }
            responder.respond(.text("right"))
        case "/stream":
            responder.begin(.ok, ["content-type": "text/plain"], contentLength: Int(query))
            loop.execute {
                _ = responder.write(Array("abc".utf8))
                _ = responder.write([])
                loop.execute {
                    _ = responder.write(Array("defg".utf8))
                    responder.finish()
                }
            }
        case "/abort":
            responder.begin(.ok, HeaderList(), contentLength: Int(query))
            _ = responder.write(Array("abc".utf8))
            responder.abort()
        case "/flood": FixtureFlood(responder).start(parts: Int(query) ?? 0)
        case "/loop": responder.respond(.text("\(request.loop) \(request.peer)"))
        default: responder.respond(.text("\(request.method) \(path)?\(query)"))
        }
        return .answered
    }

    func response(to failure: ParseFailure, peer: String) -> OutgoingResponse {
        tell(.refused(failure))
        return .text(failure.rawValue, status: failure.status)
    }

    /// Begins a stream of events where `/held` held the answer back.
    func beginEvents() { begin("text/event-stream") }

    /// Begins an answer of this type where `/held` held it back.
    func begin(_ type: String) {
        for (responder, loop) in held.withLock({ $0 }) {
            loops[loop].execute { responder.begin(.ok, ["content-type": type], contentLength: nil) }
        }
    }

    /// Ends what `begin` began with this text.
    func finish(_ text: String) {
        for (responder, loop) in held.withLock({ $0 }) {
            loops[loop].execute {
                _ = responder.write(Array(text.utf8))
                responder.finish()
            }
        }
    }

    /// Answers what `/held` held back, each on its own loop.
    func release(_ text: String = "released") {
        for (responder, loop) in held.withLock({ $0 }) {
            loops[loop].execute { responder.respond(.text(text)) }
        }
    }

    /// Whether an answer is held back.
    var isHolding: Bool { held.withLock { !$0.isEmpty } }

    /// Holds nothing back any more.
    func forget() { held.withLock { $0 = [] } }

    func responseRefused(_ fault: ResponseFault) { tell(.badResponse(fault)) }

    func connectionClosed() { tell(.closed) }

    func slowReaderReset() { tell(.slowReader) }

    func acceptingPaused(_ cause: AcceptPause) { tell(.paused(cause)) }

    func acceptingResumed() { tell(.resumed) }
}

/// Gathers a body and sends it back.
final class FixtureReceiver: RequestReceiver {
    private let handler: FixtureHandler
    private let responder: any Responder
    private let answers: Bool
    private let lastWord: String?

    init(_ handler: FixtureHandler, _ responder: any Responder, answers: Bool = true, lastWord: String? = nil) {
        self.handler = handler
        self.responder = responder
        self.answers = answers
        self.lastWord = lastWord
    }

    func gathered(_ body: [UInt8]) {
        handler.tell(.gathered(body.count))
        if answers { responder.respond(OutgoingResponse(status: .ok, body: body)) }
    }

    func failed(_ failure: ParseFailure) {
        handler.tell(.failed(failure))
        responder.respond(.text(failure.rawValue, status: failure.status))
    }

    func clientGone() { handler.tell(.gone) }

    func cutOff() {
        if let lastWord { responder.respond(.text(lastWord)) }
    }
}

/// Writes parts of 64 KiB for as long as it is told that there is room, then waits for room.
final class FixtureFlood: @unchecked Sendable {
    // Unchecked: used on one connection's loop only.
    private let responder: any Responder
    private var left = 0

    init(_ responder: any Responder) { self.responder = responder }

    func start(parts: Int) {
        left = parts
        responder.begin(.ok, HeaderList(), contentLength: parts * 65_536)
        more()
    }

    private func more() {
        while left > 0 {
            left -= 1
            if !responder.write([UInt8](repeating: 0x79, count: 65_536)), left > 0 {
                responder.whenWritable { self.more() }
                return
            }
        }
        responder.finish()
    }
}

extension OutgoingResponse {
    static func text(_ text: String, status: Status = .ok, headers: HeaderList = HeaderList())
        -> OutgoingResponse
    {
        OutgoingResponse(status: status, headers: headers, body: Array(text.utf8))
    }
}
