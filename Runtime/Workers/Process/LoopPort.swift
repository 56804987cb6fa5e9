import NIOCore
import Synchronization
import WireProtocol

/// One event loop as the pools see it: what a wake-up produced is collected here and leaves in one go at its end.
///
/// `@unchecked Sendable`: everything but `inbox` (a lock of its own) is touched on `eventLoop` only; `peers` is set
/// before the first use.
final class LoopPort: @unchecked Sendable {
    let index: Int
    let eventLoop: any EventLoop
    private var peers: [LoopPort] = []
    /// For each loop what it is to do; our own entry holds answers that may not be given within `invoke`.
    private var outboxes: [[LoopMessage]] = []
    private var touched: [WorkerLink] = []
    private var isScheduled = false
    private let inbox = Mutex<[LoopMessage]>([])
    /// Room for a pool's effects, used again and again; nil while they are out.
    private var spareEffects: PoolEffects? = PoolEffects()

    init(index: Int, eventLoop: any EventLoop) {
        self.index = index
        self.eventLoop = eventLoop
    }

    /// Tells it the ports of all loops, in their order, itself included. Before anything else.
    func connect(_ peers: [LoopPort]) {
        self.peers = peers
        outboxes = Array(repeating: [], count: peers.count)
    }

    /// Lets go of the other ports; on the loop, when nothing will be posted any more.
    func disconnect() { peers = [] }

    /// Empty effects with room; give them back by `perform`.
    func takeEffects() -> PoolEffects {
        var effects: PoolEffects?
        swap(&effects, &spareEffects)
        return effects ?? PoolEffects()
    }

    /// Does what a pool decided, each thing on its loop: at once if it is this one. With `isInvoking` answers wait for
    /// the end of the wake-up, since none may come before `invoke` has returned.
    func perform(_ effects: PoolEffects, isInvoking: Bool = false) {
        for place in effects.messages.indices {
            let message = effects.messages[place]
            if message.loop == index, !(isInvoking && message.isAnswer) { message.perform() } else { post(message) }
        }
        effects.finish()
        spareEffects = effects
    }

    /// Hands a message to its loop at the end of this wake-up; to this loop too.
    func post(_ message: LoopMessage) {
        outboxes[message.loop].append(message)
        schedule()
    }

    /// Does it now if it belongs to this loop, else hands it to its loop at the end of this wake-up. What is handed over
    /// in order is done in order.
    func hand(_ message: LoopMessage) {
        if message.loop == index { message.perform() } else { post(message) }
    }

    /// The link has something to write at the end of this wake-up.
    func touch(_ link: WorkerLink) {
        touched.append(link)
        schedule()
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        eventLoop.execute { self.endTurn() }
    }

    private func endTurn() {
        isScheduled = false
        deliverOwn()
        for target in peers.indices where target != index && !outboxes[target].isEmpty {
            peers[target].receive(outboxes[target])
            outboxes[target].removeAll(keepingCapacity: true)
        }
        guard !touched.isEmpty else { return }
        var links: [WorkerLink] = []
        swap(&links, &touched)
        for link in links { link.flush() }
        // What flushing touched again goes out with the next turn.
        if touched.isEmpty {
            links.removeAll(keepingCapacity: true)
            swap(&links, &touched)
        }
    }

    private func deliverOwn() {
        guard outboxes.indices.contains(index), !outboxes[index].isEmpty else { return }
        var own: [LoopMessage] = []
        swap(&own, &outboxes[index])
        for message in own { message.perform() }
    }

    /// A batch from another loop; from its thread.
    private func receive(_ batch: [LoopMessage]) {
        let isFirst = inbox.withLock { inbox in
            let isFirst = inbox.isEmpty
            inbox.append(contentsOf: batch)
            return isFirst
        }
        if isFirst { eventLoop.execute { self.drainInbox() } }
    }

    private func drainInbox() {
        let batch = inbox.withLock { inbox in
            var taken: [LoopMessage] = []
            swap(&taken, &inbox)
            return taken
        }
        for message in batch { message.perform() }
    }
}
