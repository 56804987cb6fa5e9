import WireProtocol

// Time: what waited too long, what should have been answered, and which worker needs a look.
extension PoolMachine {
    /// The armed time has come. May be called at any time, and does then only what is due.
    mutating func timer(at now: Instant, _ actions: inout [PoolAction]) {
        armed = nil
        while let first = waiting.first, requests[first].since + settings.wait <= now {
            fail(first, .waitedTooLong, &actions)
        }
        while let first = deadlines.first, requests[first].deadline <= now { expire(first, at: now, &actions) }
        for index in workers.indices {
            if let due = workers[index].due, due <= now { look(at: index, now, &actions) }
            if let due = clogDue(index), due <= now { replace(index, at: now, &actions) }
        }
        if let closesAt, closesAt <= now, !isClosed { closeForGood(at: now, &actions) }
        pump(at: now, &actions)
        if isClosing { closeStep(at: now, &actions) }
        rearm(at: now, &actions)
    }

    /// The deadline of an invocation has passed.
    private mutating func expire(_ index: Int, at now: Instant, _ actions: inout [PoolAction]) {
        let worker = requests[index].worker
        switch requests[index].phase {
        case .returned:
            fail(index, .timeout, &actions)
        case .running:
            // Its stream stays open until the worker answers, so its slot in the worker stays taken.
            deadlines.remove(index)
            actions.append(.fail(key(request: index), .timeout, worker: key(worker)))
            actions.append(.cancel(key(request: index), on: key(worker), .deadline))
            abandon(index)
            overdue(index, at: now, &actions)
            probe(worker, at: now, &actions)
        case .abandoned:
            deadlines.remove(index)
            overdue(index, at: now, &actions)
            probe(worker, at: now, &actions)
        case .free, .waiting:
            deadlines.remove(index)
            impossible += 1
        }
    }

    /// Asks a worker that missed a deadline whether it lives; until it answers it gets nothing new.
    private mutating func probe(_ index: Int, at now: Instant, _ actions: inout [PoolAction]) {
        guard index >= 0, workers[index].state == .serving, !workers[index].isProbed else { return }
        workers[index].isProbed = true
        actions.append(.ping(key(index)))
        watch(index, until: now + settings.probe, &actions)
    }

    /// What a worker's state has been waiting for has not happened in time.
    private mutating func look(at index: Int, _ now: Instant, _ actions: inout [PoolAction]) {
        workers[index].due = nil
        switch workers[index].state {
        case .starting:
            giveUpStart(index, .tooSlow, at: now, &actions)
        case .serving:
            if workers[index].isProbed {
                becomeStuck(index, at: now, &actions)
            } else if workers[index].held == 0, count(.serving) > rule.min {
                workers[index].state = .draining
                workers[index].isExpected = true
                actions.append(.drain(key(index)))
                watch(index, until: now + settings.goodbye, &actions)
            }
        case .stuck:
            giveUp(index, .crashed, at: now, &actions)
        case .draining:
            giveUp(index, isClosing ? .closed : .crashed, at: now, &actions)
        case .ending:
            if workers[index].hasProcess { actions.append(.terminate(key(index))) }
        case .free: break
        }
    }

    /// No answer to a probe: safe requests go elsewhere, others may still wait a little for this worker.
    private mutating func becomeStuck(_ index: Int, at now: Instant, _ actions: inout [PoolAction]) {
        workers[index].state = .stuck
        workers[index].isProbed = false
        actions.append(.stuck(key(index)))
        var isAwaited = false
        for request in requests.indices
        where requests[request].worker == index && requests[request].phase == .running {
            if requests[request].mayRetry {
                retry(request, from: key(index), &actions)
            } else {
                isAwaited = true
            }
        }
        if isAwaited {
            watch(index, until: now + settings.stuck, &actions)
        } else {
            giveUp(index, .crashed, at: now, &actions)
        }
    }

    /// Ends a worker, and what it still holds with it.
    private mutating func giveUp(
        _ index: Int, _ failure: PoolFailure, at now: Instant, _ actions: inout [PoolAction]
    ) {
        for request in requests.indices where requests[request].worker == index {
            switch requests[request].phase {
            case .running: fail(request, failure, worker: key(index), &actions)
            case .abandoned: release(request)
            case .free, .waiting, .returned: break
            }
        }
        workers[index].isExpected = true
        if workers[index].hasProcess { actions.append(.terminate(key(index))) }
        toEnding(index)
    }

    /// The grace is over.
    private mutating func closeForGood(at now: Instant, _ actions: inout [PoolAction]) {
        failQueued(.closed, &actions)
        for index in workers.indices {
            switch workers[index].state {
            case .starting, .serving, .draining, .stuck: giveUp(index, .closed, at: now, &actions)
            case .free, .ending: break
            }
        }
    }

    /// Arms for the earliest of all that is due.
    private mutating func rearm(at now: Instant, _ actions: inout [PoolAction]) {
        if let first = waiting.first { arm(requests[first].since + settings.wait, &actions) }
        if let first = deadlines.first { arm(requests[first].deadline, &actions) }
        for index in workers.indices {
            if let due = workers[index].due { arm(due, &actions) }
            if let due = clogDue(index) { arm(due, &actions) }
        }
        if let closesAt, closesAt > now { arm(closesAt, &actions) }
    }
}
