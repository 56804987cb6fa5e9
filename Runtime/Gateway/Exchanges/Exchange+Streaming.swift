import WireProtocol

// Bodies that pass through part by part, at the pace of whoever takes them.
extension Exchange {
    // MARK: The request's body

    /// Hands the request over before its body has come; it is read once a worker takes it. Throws 413 for a body whose
    /// length says already that it is over the limit.
    func begin(_ prepared: PreparedRequest, limit: Int) throws(APIError) {
        if let length = request.contentLength, length > limit { throw APIError(.payloadTooLarge) }
        expectBody(of: prepared)
        var invocation = RequestPipeline.invocation(prepared, [], self)
        invocation.placement = .follows(length: request.contentLength)
        passing = PassingBodies()
        phase = .running(
            loop.generation.invoker.invoke(
                prepared.located.route.policy.pointee.id, invocation, loop: request.loop, into: self))
    }

    func bodyWanted(_ count: Int, by flow: any InvocationFlow) {
        guard let passing, isUnderWay else { return }
        if passing.upload !== flow {
            // Another worker takes over from one that is gone, which must not have had a part.
            guard !passing.hasSent else { return giveUp(APIError(.functionCrashed)) }
            passing.upload = flow
            passing.room = 0
        }
        passing.room += count
        if passing.room > 0 { responder?.readBody() }
    }

    func bodyPart(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let passing, let flow = passing.upload, isUnderWay else { return false }
        passing.hasSent = true
        passing.room -= bytes.count
        flow.send(bytes, isEnd: false)
        return passing.room > 0
    }

    func bodyEnded() {
        guard let passing, let flow = passing.upload, isUnderWay else { return }
        passing.hasSent = true
        flow.send(UnsafeRawBufferPointer(start: nil, count: 0), isEnd: true)
    }

    /// A body that was passed on will never be whole.
    func bodyBroke(_ failure: ParseFailure) {
        guard isUnderWay, passing != nil else { return }
        loop.observer?.refused(failure, requestID: id, client: clientText)
        giveUp(APIError(failure))
    }

    private var isUnderWay: Bool {
        switch phase {
        case .running, .responding: true
        case .identifying, .reading, .sharing, .claiming, .keeping, .settled: false
        }
    }

    /// Ends both sides: with the error where nothing was answered yet, else by breaking the answer off.
    private func giveUp(_ error: APIError) {
        switch phase {
        case .running(let ticket):
            loop.generation.invoker.cancel(ticket, loop: request.loop)
            dropDoubtful(isLeft: true)
            fail(error)
        case .responding(let ticket):
            loop.generation.invoker.cancel(ticket, loop: request.loop)
            brokeOff(error)
        case .identifying, .reading, .sharing, .claiming, .keeping, .settled: break
        }
    }

    // MARK: The reply's body

    func began(_ head: Reply, length: Int?, _ flow: any InvocationFlow, from worker: WorkerStamp) {
        guard case .running(let ticket) = phase else { return }
        guard responder != nil else { return endUnread(ticket) }
        var response: OutgoingResponse
        do throws(APIError) {
            response = try RequestPipeline.shape(head, self)
        } catch {
            loop.generation.invoker.cancel(ticket, loop: request.loop)
            releaseClaim(.cancelled)
            dropDoubtful(isLeft: true)
            return fail(error, from: worker)
        }
        if let policy = route?.policy {
            policy.pointee.representation.completeStreamed(&response, request.method)
            dropStale(response.status)
        }
        // What is streamed is this client's alone; an idempotency key stays taken to its end.
        endSharing(response, response.status.code < 500 ? .refuse : .fail)
        let passing = self.passing ?? PassingBodies()
        self.passing = passing
        if holding?.claim != nil { passing.kept = StoredResponse(response) }
        decorate(&response.headers)
        passing.download = flow
        passing.status = response.status
        passing.worker = worker
        phase = .responding(ticket)
        responder?.begin(response.status, response.headers, contentLength: length)
        guard request.method == .head || response.status.forbidsBody else { return }
        if response.status.forbidsBody { keepPassed(passing) }
        // Nobody is sent the body, so nobody need make it.
        loop.generation.invoker.cancel(ticket, loop: request.loop)
        end(.cancelled)
    }

    /// The client went away from a request that went on for its idempotency key, and the answer comes in parts: it is not
    /// kept, and nobody reads it.
    private func endUnread(_ ticket: InvocationTicket) {
        loop.generation.invoker.cancel(ticket, loop: request.loop)
        dropDoubtful(isLeft: true)
        leaveCache()
        releaseClaim(.cancelled)
        phase = .settled
    }

    func part(_ bytes: UnsafeRawBufferPointer) {
        guard case .responding = phase, let passing, let responder else { return }
        passing.bytes += bytes.count
        if passing.kept != nil {
            // The worker may change what is still its own at any time: what is kept is what was sent.
            let part = [UInt8](bytes)
            part.withUnsafeBytes { bytes in
                keep(bytes, passing)
                write(bytes, passing, responder)
            }
        } else {
            write(bytes, passing, responder)
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, _ passing: PassingBodies, _ responder: any Responder) {
        if responder.write(bytes) {
            passing.download?.consumed(bytes.count)
            return
        }
        let isFirst = passing.held == 0
        passing.held += bytes.count
        if isFirst { responder.whenWritable { [self] in takeMore() } }
    }

    /// Keeps a part for the idempotency key, as long as the whole is not too long to be kept.
    private func keep(_ bytes: UnsafeRawBufferPointer, _ passing: PassingBodies) {
        if passing.bytes <= StoredResponse.longestBody {
            passing.kept?.body.append(contentsOf: bytes)
        } else {
            passing.kept = nil
        }
    }

    /// The client has taken what waited for it.
    private func takeMore() {
        guard case .responding = phase, let passing else { return }
        let held = passing.held
        passing.held = 0
        passing.download?.consumed(held)
    }

    func ended() {
        if let passing { keepPassed(passing) }
        end(.release)
    }

    private func end(_ outcome: IdempotencyOutcome) {
        guard case .responding = phase else { return }
        let responder = self.responder
        endPassing(outcome)
        responder?.finish()
    }

    /// The answer breaks off: what the client has is not the whole, and it is told so by the connection's end.
    func brokeOff(_ error: APIError) {
        guard case .responding = phase else { return }
        loop.observer?.failed(error, requestID: id, function: function)
        let responder = self.responder
        endPassing(.ofGateway(error))
        responder?.abort()
    }

    /// Lets go of everything, and logs the answer as far as it went.
    func endPassing(_ outcome: IdempotencyOutcome) {
        phase = .settled
        releaseClaim(outcome)
        responder = nil
        guard let passing else { return }
        // Again: what was asked for since the answer began may be older than what the handler did to its end.
        dropStale(passing.status)
        self.passing = nil
        log(passing.status, bytes: passing.bytes, from: passing.worker)
    }
}
