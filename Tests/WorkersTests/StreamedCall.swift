import NIOCore
import Synchronization
import WireProtocol

@testable import Workers

/// A caller that sends a body as it is asked for, and takes the answer part by part.
///
/// `@unchecked Sendable`: what changes is touched on `loop` only.
final class StreamedCall: ReplySink, @unchecked Sendable {
    /// How it ended, and what was seen on the way.
    struct Outcome: Sendable {
        var head: Reply?
        var length: Int?
        var bytes: [UInt8] = []
        var isWhole = false
        var error: APIError?
        var asked = 0
    }

    private let loop: any EventLoop
    private let body: [UInt8]
    /// Told when the answer has begun; it decides when parts are taken.
    private let began: (@Sendable (StreamedCall) -> Void)?
    private let done: @Sendable (Outcome) -> Void
    private var sent = 0
    private var room = 0
    private var outcome = Outcome()
    private var flow: (any InvocationFlow)?
    /// Bytes that came and were not taken.
    private(set) var held = 0
    private var takes: Bool

    init(
        on loop: any EventLoop, body: [UInt8], began: (@Sendable (StreamedCall) -> Void)?,
        done: @escaping @Sendable (Outcome) -> Void
    ) {
        self.loop = loop
        self.body = body
        self.began = began
        self.done = done
        takes = began == nil
    }

    /// The link that the answer comes by.
    var link: WorkerLink? { (flow as? InvocationStream)?.link }

    /// Takes what came, and all that comes from now on.
    func take() {
        takes = true
        flow?.consumed(held)
        held = 0
    }

    func bodyWanted(_ count: Int, by flow: any InvocationFlow) {
        loop.preconditionInEventLoop()
        room += count
        outcome.asked += count
        while room > 0, sent < body.count {
            // Parts of odd sizes, a little more than was asked for at times.
            let part = sent..<min(sent + 10_007, body.count)
            body.withUnsafeBytes { flow.send(UnsafeRawBufferPointer(rebasing: $0[part]), isEnd: false) }
            room -= part.count
            sent = part.upperBound
            if sent == body.count { flow.send(UnsafeRawBufferPointer(start: nil, count: 0), isEnd: true) }
        }
    }

    func began(_ head: Reply, length: Int?, _ flow: any InvocationFlow, from worker: WorkerStamp) {
        loop.preconditionInEventLoop()
        outcome.head = head
        outcome.length = length
        self.flow = flow
        began?(self)
    }

    func part(_ bytes: UnsafeRawBufferPointer) {
        loop.preconditionInEventLoop()
        outcome.bytes += bytes
        if takes { flow?.consumed(bytes.count) } else { held += bytes.count }
    }

    func ended() {
        outcome.isWhole = true
        flow = nil
        done(outcome)
    }

    func reply(_ reply: Reply, from worker: WorkerStamp) {
        outcome.head = reply
        outcome.bytes = reply.body
        ended()
    }

    func failed(_ error: APIError, from worker: WorkerStamp?) {
        outcome.error = error
        flow = nil
        done(outcome)
    }
}

extension WorkerBench {
    /// The stream probe beside the test's own program.
    static var streamProbe: String { probe.dropLast("WorkerProbe".count) + "StreamProbe" }

    /// Asks the stream probe, with a streamed body unless that is nil, and waits for the end.
    func stream(
        _ action: String, _ query: [Invocation.Parameter] = [], body: [UInt8]? = nil, length: Int? = nil,
        loop: Int = 0, ticket: @escaping @Sendable (InvocationTicket) -> Void = { _ in },
        began: (@Sendable (StreamedCall) -> Void)? = nil
    ) async -> StreamedCall.Outcome {
        await withCheckedContinuation { continuation in
            loops[loop].execute {
                let invocation = Invocation(
                    requestID: .given("r"), trace: TraceContext(traceHigh: 1, traceLow: 2, parent: 3, flags: 0),
                    method: .post, path: [47], parameters: [.init("action", action)], query: query,
                    placement: body == nil ? .whole : .follows(length: length))
                let call = StreamedCall(on: self.loops[loop], body: body ?? [], began: began) {
                    continuation.resume(returning: $0)
                }
                ticket(self.pools.invoke(FunctionID(0), invocation, loop: loop, into: call))
            }
        }
    }
}
