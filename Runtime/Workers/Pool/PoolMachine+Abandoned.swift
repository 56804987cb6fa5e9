import WireProtocol

// Invocations that nobody waits for and that their worker has not ended: each keeps its place there. One that goes on
// beyond its deadline, in spite of its cancellation, costs a place; where such take half of a worker's, another takes over.
extension PoolMachine {
    /// So many overdue invocations clog a worker.
    private var clog: Int { (Swift.max(settings.concurrency, 1) + 1) / 2 }

    /// Nobody waits any more for an invocation that a worker is at.
    mutating func abandon(_ index: Int) {
        requests[index].phase = .abandoned
        workers[requests[index].worker].abandoned += 1
    }

    /// Its time is over, too.
    mutating func overdue(_ index: Int, at now: Instant, _ actions: inout [PoolAction]) {
        let worker = requests[index].worker
        requests[index].isOverdue = true
        workers[worker].overdue += 1
        guard workers[worker].overdue >= clog, workers[worker].cloggedSince == nil else { return }
        workers[worker].cloggedSince = now
        arm(now + settings.stuck, &actions)
    }

    /// An abandoned invocation has ended.
    mutating func endAbandoned(_ index: Int) {
        let worker = requests[index].worker
        workers[worker].abandoned -= 1
        guard requests[index].isOverdue else { return }
        workers[worker].overdue -= 1
        if workers[worker].overdue < clog { workers[worker].cloggedSince = nil }
    }

    /// When a worker is replaced unless some of them end; nil: it is not clogged.
    func clogDue(_ index: Int) -> Instant? {
        guard workers[index].state == .serving, let since = workers[index].cloggedSince else { return nil }
        return since + settings.stuck
    }

    /// The worker finishes what others wait for and gets nothing new; then it is ended, with what does not end by itself.
    mutating func replace(_ index: Int, at now: Instant, _ actions: inout [PoolAction]) {
        workers[index].state = .draining
        workers[index].isProbed = false
        workers[index].isExpected = true
        actions.append(.clogged(key(index), by: workers[index].overdue))
        actions.append(.drain(key(index)))
        watch(index, until: now + (isAwaited(index) ? settings.timeout + settings.goodbye : settings.goodbye), &actions)
    }

    /// Whether somebody waits for any of what the worker holds.
    func isAwaited(_ index: Int) -> Bool { workers[index].held > workers[index].abandoned }
}
