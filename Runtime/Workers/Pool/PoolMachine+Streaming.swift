import WireProtocol

// Answers that come in parts: from the first byte on there is no deadline and no second try.
extension PoolMachine {
    /// The worker began its answer. True if somebody waits for it; the invocation then ends as any other, by `replied`,
    /// `fail` or `cancel`, but no more by its deadline.
    mutating func began(
        _ key: InvocationKey, from worker: WorkerKey, at now: Instant, _ actions: inout [PoolAction]
    ) -> Bool {
        guard isKnown(worker), isKnown(key), requests[key.index].worker == worker.index,
            requests[key.index].phase == .running, !requests[key.index].hasBegun
        else { return false }
        requests[key.index].hasBegun = true
        requests[key.index].mayRetry = false
        deadlines.remove(key.index)
        if workers[worker.index].isProbed || workers[worker.index].state == .stuck {
            revive(worker.index, at: now, &actions)
        }
        return true
    }

    /// Nobody takes the rest of an answer that was begun: its worker has as long as for a whole one before it is asked
    /// whether it still lives.
    mutating func watchAbandoned(_ index: Int, at now: Instant, _ actions: inout [PoolAction]) {
        guard requests[index].hasBegun else { return }
        requests[index].deadline = now + settings.timeout
        deadlines.append(index)
        arm(requests[index].deadline, &actions)
    }
}
