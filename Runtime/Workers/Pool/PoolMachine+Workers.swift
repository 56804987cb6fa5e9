import WireProtocol

// Workers: they become ready, answer probes, break the protocol, and end.
extension PoolMachine {
    /// The worker said READY.
    mutating func ready(_ worker: WorkerKey, at now: Instant, _ actions: inout [PoolAction]) {
        guard isKnown(worker), workers[worker.index].state == .starting else {
            impossible += 1
            return
        }
        workers[worker.index].state = .serving
        workers[worker.index].readyAt = now
        workers[worker.index].due = nil
        actions.append(.started(worker, after: now.since(workers[worker.index].since)))
        pump(at: now, &actions)
        if workers[worker.index].held == 0, !isClosing {
            watch(worker.index, until: now + settings.idle, &actions)
        }
        if isClosing { closeStep(at: now, &actions) }
    }

    /// The worker answered a ping.
    mutating func pong(_ worker: WorkerKey, at now: Instant, _ actions: inout [PoolAction]) {
        guard isKnown(worker) else { return }
        guard workers[worker.index].isProbed || workers[worker.index].state == .stuck else { return }
        revive(worker.index, at: now, &actions)
        roomMade(by: worker.index, at: now, &actions)
    }

    /// There is no process and will be none, or the worker said that it cannot start, or it broke the protocol before
    /// it was ready. `hasProcess` false: nothing was spawned, and no `exited` will come.
    mutating func startFailed(
        _ worker: WorkerKey, _ reason: StartFailure, hasProcess: Bool = true, at now: Instant,
        _ actions: inout [PoolAction]
    ) {
        guard isKnown(worker), workers[worker.index].state == .starting else { return }
        workers[worker.index].hasProcess = hasProcess
        giveUpStart(worker.index, reason, at: now, &actions)
        if !hasProcess {
            workers[worker.index].hasLink = false
            end(worker.index, at: now, &actions)
        }
    }

    /// The worker broke the protocol: it is ended. `written` names the invocations it may have seen.
    mutating func violated(
        _ worker: WorkerKey, written: [InvocationKey], at now: Instant, _ actions: inout [PoolAction]
    ) {
        guard isKnown(worker), workers[worker.index].hasLink else { return }
        let index = worker.index
        workers[index].hasLink = false
        if workers[index].state == .starting {
            giveUpStart(index, .protocolViolation, at: now, &actions)
        } else {
            settle(index, written: written, at: now, &actions)
            if written.isEmpty { countIdleDeath(index, at: now) }
            workers[index].isExpected = true
            if workers[index].hasProcess { actions.append(.kill(worker)) }
            toEnding(index)
        }
        end(index, at: now, &actions)
    }

    /// The worker's socket has ended, and all that it sent has been read. `written` names the invocations without an
    /// answer that it may have begun; those that it cannot have seen are in none of them.
    ///
    /// `isOrderly` says that it took its leave first, with GOODBYE: its exit is then no crash.
    mutating func linkClosed(
        _ worker: WorkerKey, written: [InvocationKey], isOrderly: Bool = false, at now: Instant,
        _ actions: inout [PoolAction]
    ) {
        guard isKnown(worker), workers[worker.index].hasLink else { return }
        let index = worker.index
        workers[index].hasLink = false
        if isOrderly { workers[index].isExpected = true }
        switch workers[index].state {
        case .starting:
            giveUpStart(index, .ended, at: now, &actions)
        case .serving, .stuck, .draining:
            if written.isEmpty { countIdleDeath(index, at: now) }
            settle(index, written: written, at: now, &actions)
            toEnding(index)
            // It ends by itself as a rule; one that only closed its socket is helped.
            if workers[index].hasProcess { watch(index, until: now + settings.goodbye, &actions) }
        case .free, .ending:
            settle(index, written: written, at: now, &actions)
        }
        end(index, at: now, &actions)
    }

    /// The worker's process has ended and was reaped.
    mutating func exited(_ worker: WorkerKey, at now: Instant, _ actions: inout [PoolAction]) {
        guard isKnown(worker), workers[worker.index].hasProcess else {
            impossible += 1
            return
        }
        let index = worker.index
        workers[index].hasProcess = false
        if workers[index].state == .starting {
            giveUpStart(index, .ended, at: now, &actions)
        } else if !workers[index].isExpected {
            actions.append(.crashed(worker, holding: Swift.max(workers[index].lost, workers[index].held)))
        }
        if workers[index].held == 0 { countIdleDeath(index, at: now) }
        // What it sent before it ended is still being read: its requests are settled when the link closes.
        if workers[index].state != .ending, workers[index].hasLink {
            workers[index].state = .draining
            workers[index].due = nil
        }
        end(index, at: now, &actions)
    }

    // MARK: Pieces

    /// A worker that ended unasked before it had done anything counts as a failed start, else it would be replaced
    /// again and again without a pause.
    private mutating func countIdleDeath(_ index: Int, at now: Instant) {
        guard !workers[index].isExpected, workers[index].answered == 0, !workers[index].isCounted else { return }
        guard workers[index].state != .ending else { return }
        workers[index].isCounted = true
        backoff.failed(at: now)
    }

    /// A probed or stuck worker showed that it lives.
    mutating func revive(_ index: Int, at now: Instant, _ actions: inout [PoolAction]) {
        workers[index].isProbed = false
        workers[index].due = nil
        if workers[index].state == .stuck {
            if count(.serving) + count(.starting) < rule.max {
                workers[index].state = .serving
            } else {
                // Its place was taken: it may finish what it has.
                workers[index].state = .draining
                workers[index].isExpected = true
                actions.append(.drain(key(index)))
                watch(index, until: now + settings.timeout + settings.goodbye, &actions)
            }
        }
        pump(at: now, &actions)
    }

    /// Gives the requests of a worker that is gone to others, or fails them, by contract 3.2.
    mutating func settle(
        _ index: Int, written: [InvocationKey], at now: Instant, _ actions: inout [PoolAction]
    ) {
        workers[index].lost = Swift.max(workers[index].lost, written.count)
        workers[index].held = 0
        let worker = key(index)
        for request in requests.indices where requests[request].worker == index {
            switch requests[request].phase {
            case .abandoned: release(request)
            case .running:
                if !requests[request].hasBegun, !written.contains(key(request: request)) {
                    giveBack(request)
                } else if requests[request].mayRetry {
                    retry(request, from: worker, &actions)
                } else {
                    fail(request, .crashed, worker: worker, &actions)
                }
            case .free, .waiting, .returned: break
            }
        }
    }

    /// Sends a request whose worker is lost elsewhere; only once.
    mutating func retry(_ request: Int, from worker: WorkerKey, _ actions: inout [PoolAction]) {
        requests[request].mayRetry = false
        actions.append(.retried(key(request: request), from: worker))
        giveBack(request)
    }

    private mutating func giveBack(_ request: Int) {
        requests[request].worker = -1
        requests[request].phase = .returned
        returned.append(request)
    }

    /// A start has failed: requests that only it could have served are refused.
    mutating func giveUpStart(
        _ index: Int, _ reason: StartFailure, at now: Instant, _ actions: inout [PoolAction]
    ) {
        backoff.failed(at: now)
        actions.append(.startFailed(key(index), reason))
        workers[index].isExpected = true
        if workers[index].hasProcess { actions.append(.kill(key(index))) }
        toEnding(index)
        guard !workers.contains(where: { $0.state == .serving || $0.state == .starting || $0.state == .stuck })
        else { return }
        failQueued(.unavailable(retryAfter: backoff.remaining(at: now)), &actions)
    }

    /// Fails all that wait.
    mutating func failQueued(_ failure: PoolFailure, _ actions: inout [PoolAction]) {
        while let next = returned.first ?? waiting.first { fail(next, failure, &actions) }
    }

    mutating func toEnding(_ index: Int) {
        workers[index].state = .ending
        workers[index].isProbed = false
        workers[index].due = nil
    }

    /// Frees the slot if both process and link are gone, and starts or closes what that makes possible.
    mutating func end(_ index: Int, at now: Instant, _ actions: inout [PoolAction]) {
        if !workers[index].hasProcess, !workers[index].hasLink {
            actions.append(.gone(key(index)))
            workers[index].state = .free
            workers[index].due = nil
            workers[index].held = 0
        }
        pump(at: now, &actions)
        if isClosing { closeStep(at: now, &actions) }
    }

    mutating func shorten(_ index: Int, to time: Instant, _ actions: inout [PoolAction]) {
        if let due = workers[index].due, due <= time { return }
        watch(index, until: time, &actions)
    }

    /// Moves a closing pool on: once nothing waits every worker is told to finish; the last one's end closes it.
    mutating func closeStep(at now: Instant, _ actions: inout [PoolAction]) {
        guard let closesAt, !isClosed, queued == 0 else { return }
        for index in workers.indices {
            switch workers[index].state {
            case .starting:
                workers[index].isExpected = true
                toEnding(index)
                actions.append(.terminate(key(index)))
            case .serving:
                workers[index].state = .draining
                workers[index].isExpected = true
                workers[index].isProbed = false
                actions.append(.drain(key(index)))
                watch(
                    index, until: isAwaited(index) ? closesAt : Swift.min(now + settings.goodbye, closesAt),
                    &actions)
            case .free, .draining, .stuck, .ending: break
            }
        }
        if !workers.contains(where: { $0.state != .free }) {
            isClosed = true
            actions.append(.closed)
        }
    }
}
