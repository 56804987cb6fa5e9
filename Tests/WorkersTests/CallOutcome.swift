import NIOCore
import Synchronization
import WireProtocol

/// How a call ended.
struct CallOutcome: Sendable {
    var reply: Reply?
    var error: APIError?
    var worker: WorkerStamp?

    var text: String { String(decoding: reply?.body ?? [], as: UTF8.self) }
}

/// Takes the end of a call, and insists that it comes once, on the right loop, and not within `invoke`.
final class CallSink: ReplySink {
    private let loop: any EventLoop
    private let done: @Sendable (CallOutcome) -> Void
    private let hasReturned = Atomic(false)
    private let isDone = Atomic(false)
    private let parts = Mutex<Parts>(Parts())

    /// A reply that comes in parts.
    private struct Parts {
        var reply: Reply?
        var worker: WorkerStamp?
        var flow: (any InvocationFlow)?
    }

    init(_ loop: any EventLoop, _ done: @escaping @Sendable (CallOutcome) -> Void) {
        self.loop = loop
        self.done = done
    }

    func returned() { hasReturned.store(true, ordering: .relaxed) }

    func reply(_ reply: Reply, from worker: WorkerStamp) { end(CallOutcome(reply: reply, worker: worker)) }

    func failed(_ error: APIError, from worker: WorkerStamp?) { end(CallOutcome(error: error, worker: worker)) }

    func bodyWanted(_ count: Int, by flow: any InvocationFlow) {}

    func began(_ head: Reply, length: Int?, _ flow: any InvocationFlow, from worker: WorkerStamp) {
        parts.withLock { $0 = Parts(reply: head, worker: worker, flow: flow) }
    }

    func part(_ bytes: UnsafeRawBufferPointer) {
        let flow = parts.withLock { parts in
            parts.reply?.body += bytes
            return parts.flow
        }
        flow?.consumed(bytes.count)
    }

    func ended() { end(parts.withLock { CallOutcome(reply: $0.reply, worker: $0.worker) }) }

    private func end(_ outcome: CallOutcome) {
        loop.preconditionInEventLoop()
        precondition(hasReturned.load(ordering: .relaxed), "the answer came within invoke")
        precondition(!isDone.exchange(true, ordering: .relaxed), "the call ended twice")
        done(outcome)
    }
}
