import WireProtocol

// A request whose answer is kept for others, or was kept from another one (contract 3.5).
extension Exchange: CacheWaiter {
    /// Answers from the cache, where it has the answer.
    func answerFromCache(_ key: CacheKey) -> Bool {
        let now = request.arrived
        guard let kept = loop.generation.services.cache.find(key, now: now) else { return false }
        deliver(kept.hit(at: now), kept: kept)
        return true
    }

    /// Asks for others too, or waits for another request's answer; true: the request goes on by `cacheAnswered`, or is
    /// answered.
    func share(_ prepared: PreparedRequest, _ key: CacheKey) -> Bool {
        let now = loop.clock.monotonicNanoseconds()
        let patience = prepared.located.route.policy.pointee.patience
        switch loop.generation.services.cache.join(key, waiter: self, patience: patience, now: now) {
        case .hit(let kept):
            deliver(kept.hit(at: now), kept: kept)
            return true
        case .wait(let wait):
            hold().wait = wait
            phase = .sharing(prepared)
            return true
        case .lead(let lease):
            hold().lease = lease
            hold().cacheStatus = .miss(stored: false)
        case .alone:
            hold().cacheStatus = .miss(stored: false)
        }
        return false
    }

    /// Called from whatever thread the other request ended on.
    func cacheAnswered(_ answer: CacheAnswer) {
        loop.executor.execute(on: request.loop) { self.shared(answer) }
    }

    private func shared(_ answer: CacheAnswer) {
        // Where the client is gone a lease is let go of here, and the next one who waits leads.
        guard case .sharing(let prepared) = takePhase() else { return }
        holding?.wait = nil
        switch answer {
        case .answer(let kept):
            deliver(kept.response(at: loop.clock.monotonicNanoseconds(), as: .collapsed), kept: kept)
        case .lead(let lease):
            hold().lease = lease
            hold().cacheStatus = .miss(stored: false)
            invoke(prepared, [])
        case .alone:
            hold().cacheStatus = .miss(stored: false)
            invoke(prepared, [])
        case .failed(let error): fail(error)
        }
    }

    /// What becomes of the answer for those who wait for it and come later; `judgement` is that of the handler's own
    /// fields, nil where the gateway answers. `error`: what the answer says, if it is an error's envelope.
    func endSharing(_ response: OutgoingResponse, _ judgement: CachePolicy.Judgement?, _ error: APIError? = nil) {
        guard let holding, let lease = holding.lease else { return }
        holding.lease = nil
        let now = loop.clock.monotonicNanoseconds()
        switch judgement {
        case .keep(let lifetime):
            let isCompressible =
                loop.generation.compression.map {
                    $0.verdict(response.status, response.headers, length: response.body.count, .nothing) != .never
                } ?? false
            let kept = CachedResponse(
                status: response.status, headers: response.headers, body: response.body, storedAt: now,
                lifetime: lifetime, keepsCompressed: isCompressible)
            holding.cacheStatus = .miss(stored: lease.store(kept, now: now))
        case .refuse: lease.refuse(now: now)
        case .fail, nil: lease.abandon(error.map { .failed(Self.shared($0)) }, now: now)
        }
    }

    /// An error as others are told of it who waited for the answer: what it says, and nothing that was meant for one client.
    private static func shared(_ error: APIError) -> APIError {
        var shared = APIError(code: error.code, status: error.status, message: error.message)
        if let time = error.headers["retry-after"] { shared.headers.append("retry-after", time) }
        return shared
    }

    /// Drops from the cache what the handler's answer makes stale.
    func dropStale(_ status: Status) {
        guard let route, let clearing = route.policy.pointee.clearing else { return }
        clearing.answered(request.method, status, path: request.path, from: start)
    }

    /// Drops what may be stale: nobody knows what the handler did. `isLeft`: it was left before its time was over, and may
    /// use up what there is of it.
    func dropDoubtful(isLeft: Bool) {
        guard !request.method.isSafe, let route, let clearing = route.policy.pointee.clearing else { return }
        let rest = IdempotencyOutcome.afterTimeout + (isLeft ? UInt64(route.policy.pointee.timeoutMilliseconds) : 0)
        clearing.lost(
            request.method, path: request.path, from: start,
            settledAt: loop.clock.monotonicNanoseconds() &+ rest &* 1_000_000)
    }

    /// Lets go of what is held elsewhere: nothing of this answer is shared with others or kept.
    func letGo() {
        leaveCache()
        releaseClaim()
    }

    /// Leaves those who wait for this answer, or with whom it waits.
    func leaveCache() {
        guard let holding else { return }
        if let wait = holding.wait {
            holding.wait = nil
            loop.generation.services.cache.leave(wait)
        }
        if let lease = holding.lease {
            holding.lease = nil
            lease.abandon(now: loop.clock.monotonicNanoseconds())
        }
    }
}
