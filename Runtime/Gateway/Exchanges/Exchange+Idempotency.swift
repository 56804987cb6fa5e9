import WireProtocol

// A request with an idempotency key: it runs once, and its answer is on disk before the client sees it (contract 3.7).
extension Exchange {
    /// Takes the request's key; true: the request goes on by `claimed`.
    func claim(_ prepared: PreparedRequest, _ body: [UInt8]) -> Bool {
        guard let key = prepared.idempotencyKey, let policy = prepared.located.route.policy.pointee.idempotency,
            let store = loop.generation.services.idempotency
        else { return false }
        let claim = policy.claim(key, request, body: body)
        phase = .claiming(prepared, body: body)
        let executor = loop.executor
        let index = request.loop
        store.begin(claim, unixMilliseconds: loop.clock.unixMilliseconds()) { decision in
            executor.execute(on: index) { self.claimed(claim, decision, header: policy.header) }
        }
        return true
    }

    private func claimed(_ claim: IdempotencyClaim, _ decision: IdempotencyDecision, header: String) {
        guard case .claiming(let prepared, let body) = takePhase() else {
            // The client went away, and nothing has run.
            if decision == .run { release(claim, afterMilliseconds: 0) }
            return
        }
        switch decision {
        case .run:
            hold().claim = claim
            invoke(prepared, body)
        case .replay(let response): conclude(response.replay(), by: .earlier)
        case .running, .unknownOutcome, .mismatch, .overloaded, .unavailable:
            fail(decision.error(header: header) ?? APIError(.internalError))
        }
    }

    /// Ends the key's part in the answer; true: the answer is sent by `kept`, when it is on disk.
    func keep(
        _ response: OutgoingResponse, by author: Author, error: APIError?, from worker: WorkerStamp?
    ) -> Bool {
        guard let claim = holding?.claim, let store = loop.generation.services.idempotency else { return false }
        holding?.claim = nil
        let outcome: IdempotencyOutcome =
            switch author {
            case .handler: .ofHandler(response.status, bytes: response.body.count)
            case .gateway, .earlier: error.map { .ofGateway($0) } ?? .release
            }
        switch outcome {
        case .release, .releaseLater: release(claim, afterMilliseconds: outcome.delay)
        case .keep:
            phase = .keeping(response, worker, isError: error != nil)
            var stored = StoredResponse(response)
            // Which of its forms an error has depends on `Accept`, also when it is given again.
            if error != nil { stored.headers.append(constant: "vary", "accept") }
            let executor = loop.executor
            let index = request.loop
            store.finish(
                claim, stored, unixMilliseconds: loop.clock.unixMilliseconds()
            ) { isKept in
                executor.execute(on: index) { self.kept(isKept) }
            }
            return true
        }
        return false
    }

    private func kept(_ isKept: Bool) {
        guard case .keeping(let response, let worker, let isError) = takePhase() else { return }
        if !isKept {
            loop.observer?.failed(
                APIError(.internalError, cause: "the response could not be kept for its idempotency key"),
                requestID: id, function: function)
        }
        deliver(response, isError: isError, from: worker)
    }

    /// Keeps the answer of a key that came in parts, and that the client has by now.
    func keepPassed(_ passing: PassingBodies) {
        guard let claim = holding?.claim, let response = passing.kept,
            let store = loop.generation.services.idempotency,
            case .keep = IdempotencyOutcome.ofHandler(response.status, bytes: response.body.count)
        else { return }
        holding?.claim = nil
        let observer = loop.observer
        let id = id
        let function = function
        store.finish(claim, response, unixMilliseconds: loop.clock.unixMilliseconds()) { isKept in
            guard !isKept else { return }
            observer?.failed(
                APIError(.internalError, cause: "the response could not be kept for its idempotency key"),
                requestID: id, function: function)
        }
    }

    private func release(_ claim: IdempotencyClaim, afterMilliseconds: UInt64) {
        loop.generation.services.idempotency?.release(
            claim, afterMilliseconds: afterMilliseconds, unixMilliseconds: loop.clock.unixMilliseconds())
    }

    /// What is held elsewhere, made when it is first needed.
    func hold() -> Holding {
        if let holding { return holding }
        let made = Holding()
        holding = made
        return made
    }

    /// Frees the key of an answer that is not kept.
    func releaseClaim(_ outcome: IdempotencyOutcome = .release) {
        guard let claim = holding?.claim else { return }
        holding?.claim = nil
        release(claim, afterMilliseconds: outcome.delay)
    }
}
