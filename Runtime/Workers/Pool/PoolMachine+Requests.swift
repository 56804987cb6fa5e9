import WireProtocol

// Invocations: they come, are handed to workers, are answered, or nobody waits for them any more.
extension PoolMachine {
    /// An invocation came on event loop `loop`. Either it has a key from now on and ends exactly once, by `replied`
    /// (true), `fail` or `cancel` (true), or it is refused at once and nothing is remembered.
    ///
    /// `isSafe` says that its method is GET or HEAD, so that it may be tried again.
    mutating func invoke(
        isSafe: Bool, loop: Int, at now: Instant, _ actions: inout [PoolAction]
    ) throws(PoolFailure) -> InvocationKey {
        guard !isClosing else { throw .closed }
        if queued == 0, let worker = roomiest(for: loop) {
            let key = admit(isSafe: isSafe, loop: loop, at: now)
            hand(key.index, to: worker, at: now, &actions)
            if workers[worker].held > rule.share { startWorkers(near: loop, at: now, &actions) }
            return key
        }
        let isCold = !workers.contains { $0.state == .serving || $0.state == .stuck }
        if isCold, backoff.refuses(at: now), count(.starting) == 0 {
            throw .unavailable(retryAfter: backoff.remaining(at: now))
        }
        guard waiting.count < (isCold ? Swift.max(settings.queue, 1) : settings.queue) else { throw .queueFull }
        let key = admit(isSafe: isSafe, loop: loop, at: now)
        requests[key.index].phase = .waiting
        waiting.append(key.index)
        arm(now + settings.wait, &actions)
        startWorkers(near: loop, at: now, &actions)
        return key
    }

    /// Nobody waits for the invocation any more. True if somebody did until now: its payload is to be forgotten.
    mutating func cancel(_ key: InvocationKey, at now: Instant, _ actions: inout [PoolAction]) -> Bool {
        guard isKnown(key) else { return false }
        switch requests[key.index].phase {
        case .waiting, .returned:
            release(key.index)
            if isClosing { closeStep(at: now, &actions) }
            return true
        case .running:
            // The deadline stays: it is then that the worker is asked whether it still lives.
            abandon(key.index)
            watchAbandoned(key.index, at: now, &actions)
            actions.append(.cancel(key, on: self.key(requests[key.index].worker), .clientGone))
            return true
        case .free, .abandoned:
            return false
        }
    }

    /// The worker ended the invocation's stream. True if somebody waits for the answer; the key is gone then.
    mutating func replied(
        _ key: InvocationKey, from worker: WorkerKey, at now: Instant, _ actions: inout [PoolAction]
    ) -> Bool {
        guard isKnown(worker), workers[worker.index].held > 0 else {
            impossible += 1
            return false
        }
        workers[worker.index].held -= 1
        workers[worker.index].answered += 1
        if workers[worker.index].answered == 1 { backoff.succeeded() }
        let isCurrent = isKnown(key) && requests[key.index].worker == worker.index
        let isWanted = isCurrent && requests[key.index].phase == .running
        if isCurrent { release(key.index) }
        if workers[worker.index].isProbed || workers[worker.index].state == .stuck {
            revive(worker.index, at: now, &actions)
        }
        roomMade(by: worker.index, at: now, &actions)
        return isWanted
    }

    /// A worker has one request fewer: another one takes the place, or it is idle from now on.
    mutating func roomMade(by index: Int, at now: Instant, _ actions: inout [PoolAction]) {
        if queued > 0 { pump(at: now, &actions) }
        switch workers[index].state {
        case .serving where workers[index].held == 0:
            if !isClosing { watch(index, until: now.advanced(nanoseconds: idle), &actions) }
        case .draining where !isAwaited(index): shorten(index, to: now + settings.goodbye, &actions)
        case .serving, .draining, .free, .starting, .stuck, .ending: break
        }
        if isClosing { closeStep(at: now, &actions) }
    }

    /// Hands out what waits while a worker has room, and starts workers for the rest.
    mutating func pump(at now: Instant, _ actions: inout [PoolAction]) {
        while let next = returned.first ?? waiting.first {
            guard let worker = roomiest(for: requests[next].loop) else {
                startWorkers(near: requests[next].loop, at: now, &actions)
                return
            }
            returned.remove(next)
            waiting.remove(next)
            hand(next, to: worker, at: now, &actions)
        }
        startWorkers(near: 0, at: now, &actions)
    }

    /// The worker that the next request of this loop goes to: the fullest one below its share, then the least full one
    /// below its limit; one of the same loop before any other. Nil when none has room.
    func roomiest(for loop: Int) -> Int? {
        var best: Int?
        var bestScore = -1
        for index in workers.indices where workers[index].isOpen {
            let held = workers[index].held
            guard held < settings.concurrency else { continue }
            let isShared = held < rule.share
            let own = workers[index].loop == loop ? 1 : 0
            let fit = isShared ? held : settings.concurrency - held
            let score = ((isShared ? 2 : 0) + own) << 32 + fit
            if score > bestScore {
                bestScore = score
                best = index
            }
        }
        return best
    }

    /// Frees an invocation's slot, and every order of it.
    mutating func release(_ index: Int) {
        switch requests[index].phase {
        case .waiting: waiting.remove(index)
        case .returned: returned.remove(index)
        case .abandoned: endAbandoned(index)
        case .free, .running: break
        }
        deadlines.remove(index)
        requests[index].phase = .free
        requests[index].worker = -1
        freeRequests.append(index)
    }

    /// Ends an invocation without a reply.
    mutating func fail(
        _ index: Int, _ failure: PoolFailure, worker: WorkerKey? = nil, _ actions: inout [PoolAction]
    ) {
        actions.append(.fail(key(request: index), failure, worker: worker))
        release(index)
    }

    private mutating func admit(isSafe: Bool, loop: Int, at now: Instant) -> InvocationKey {
        let index: Int
        if let free = freeRequests.popLast() {
            index = free
        } else {
            index = requests.count
            requests.append(RequestRecord())
        }
        var record = RequestRecord()
        record.generation = requests[index].generation &+ 1
        if record.generation == 0 { record.generation = 1 }
        record.mayRetry = isSafe && settings.retry
        record.loop = loop
        record.since = now
        requests[index] = record
        return key(request: index)
    }

    private mutating func hand(
        _ index: Int, to worker: Int, at now: Instant, _ actions: inout [PoolAction]
    ) {
        if !requests[index].hasDeadline {
            requests[index].hasDeadline = true
            requests[index].deadline = now.advanced(nanoseconds: timeout)
            deadlines.append(index)
            arm(requests[index].deadline, &actions)
        }
        requests[index].phase = .running
        requests[index].worker = worker
        workers[worker].held += 1
        workers[worker].due = nil
        let cold = requests[index].since < workers[worker].readyAt
        let left = requests[index].deadline.milliseconds(since: now)
        actions.append(
            .dispatch(key(request: index), to: key(worker), milliseconds: Swift.max(left, 1), cold: cold))
    }
}
