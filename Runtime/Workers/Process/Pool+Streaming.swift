import WireProtocol

// Answers that come in parts.
extension Pool {
    /// The worker began an answer whose body follows: its deadline counts no more. Nil when nobody waits for it.
    func began(_ key: InvocationKey, _ link: WorkerLink) -> WorkerStamp? {
        var isCold: Bool?
        change(on: link.port) { state, now in
            guard state.machine.began(key, from: link.key, at: now, &state.actions) else { return }
            isCold = state.began(key, at: now)
        }
        return isCold.map { link.stamp(isCold: $0) }
    }

    /// The worker ended an answer of which all was passed on.
    func streamed(_ flow: InvocationStream, _ link: WorkerLink) {
        var isWanted = false
        change(on: link.port) { state, now in
            isWanted = state.machine.replied(flow.key, from: link.key, at: now, &state.actions)
            if isWanted { _ = state.take(flow.key) }
        }
        if isWanted { flow.end() }
    }
}

extension PoolState {
    /// Counts an answer's first byte; whether its request waited for the worker's start.
    mutating func began(_ key: InvocationKey, at now: Instant) -> Bool {
        let request = requests[key.index]
        if let pending = request.pending {
            latency.record(microseconds: now.nanoseconds(since: pending.since) / 1000)
        }
        return request.isCold
    }
}
