import WireProtocol

// From an answer that is decided to the bytes that the client is sent.
extension Exchange {
    /// Who made an answer.
    enum Author {
        /// The function's handler, in this request.
        case handler
        /// The gateway itself.
        case gateway
        /// The handler, in an earlier request: the answer was kept.
        case earlier
    }

    /// Sends the error envelope, and hands the cause to the log.
    func fail(_ error: APIError, by author: Author = .gateway, from worker: WorkerStamp? = nil) {
        if error.cause != nil { loop.observer?.failed(error, requestID: id, function: function) }
        let response = ErrorEnvelope.response(
            error, AcceptHeader.prefersProblem(request.headers) ? .problem : .json, id: id,
            unixMilliseconds: loop.clock.unixMilliseconds())
        conclude(response, by: author, error: error, from: worker)
    }

    /// Sends a response: what other requests wait for it hear first, and what has to be on disk is written first.
    func conclude(
        _ response: consuming OutgoingResponse, by author: Author, error: APIError? = nil,
        from worker: WorkerStamp? = nil
    ) {
        var judgement: CachePolicy.Judgement?
        if author == .handler, let policy = route?.policy {
            if holding?.lease != nil {
                // By what the handler set, before anything is added for clients.
                judgement = policy.pointee.cache?.judge(
                    response.status, response.headers, unixSeconds: unixSeconds)
            }
            if error == nil {
                policy.pointee.representation.complete(&response, request.method)
                dropStale(response.status)
            }
        }
        if let holding {
            if holding.lease != nil { endSharing(response, judgement, error) }
            if holding.claim != nil, keep(response, by: author, error: error, from: worker) { return }
        }
        deliver(response, isError: error != nil, from: worker)
    }

    /// Applies what depends on this client's request: conditions, compression, the fields of every answer.
    func deliver(
        _ response: consuming OutgoingResponse, isError: Bool = false, kept: CachedResponse? = nil,
        from worker: WorkerStamp? = nil
    ) {
        var varies = Variance()
        if isError { varies.insert(.accept) }
        var isCompressed = false
        let compression = loop.generation.compression
        if let compression {
            let wish = fields.contains(.acceptEncoding) ? CompressionRule.Request(request.headers) : .nothing
            let verdict = compression.verdict(
                response.status, response.headers, length: response.body.count, wish)
            if verdict.varies { varies.insert(.acceptEncoding) }
            isCompressed = verdict == .gzip
        }
        if fields.contains(.conditions), !isError, hasRepresentation {
            switch Preconditions.evaluate(
                request.method, request.headers, response, unixSeconds: unixSeconds)
            {
            case .proceed: break
            case .notModified:
                let isTagCompressed = Preconditions.namesCompressed(request.headers, response) ?? isCompressed
                response = NotModified.response(response.headers, isCompressed: isTagCompressed)
                isCompressed = false
            case .failed: return fail(APIError(.preconditionFailed), from: worker)
            }
        }
        if isCompressed { compression?.compress(&response, kept: kept, loop.gzip) }
        decorate(&response.headers, varies)
        if response.status.forbidsBody { response.body = [] }
        phase = .settled
        let status = response.status
        let bytes = request.method == .head ? 0 : response.body.count
        let responder = self.responder
        self.responder = nil
        passing = nil
        holding = nil
        // A client that went away has its line in the log already.
        guard let responder else { return }
        responder.respond(response)
        log(status, bytes: bytes, from: worker)
    }

    private var unixSeconds: Int64 { Int64(clamping: loop.clock.unixMilliseconds() / 1000) }

    /// Adds the fields that every answer carries, streamed ones too.
    func decorate(_ headers: inout HeaderList, _ known: Variance = []) {
        var varies = known
        if variesByVersion { varies.insert(.version) }
        if isPreflight {
            varies.formUnion([.origin, .preflight])
        } else if let crossOrigin = loop.generation.crossOrigin {
            if crossOrigin.varyOrigin { varies.insert(.origin) }
            if fields.contains(.origin) {
                request.headers.withFirst("origin") { crossOrigin.decorate($0, &headers) }
            } else {
                crossOrigin.decorate(nil, &headers)
            }
        }
        if let own = route?.policy.pointee.variances, !known.contains(.accept) {
            headers.append("vary", bytes: own[varies])
        } else if !varies.isEmpty {
            headers.append("vary", bytes: loop.generation.variances[varies])
        }
        if !tally.isEmpty { loop.generation.limiter.append(tally, to: &headers) }
        if let status = holding?.cacheStatus { status.append(to: &headers) }
        headers.append(constant: "x-content-type-options", "nosniff")
        loop.append(id, to: &headers)
    }

    func log(_ status: Status, bytes: Int, from worker: WorkerStamp?) {
        let generation = loop.generation
        switch generation.logging {
        case .none: return
        case .errors where status.code < 400: return
        case .errors, .all: break
        }
        guard let observer = loop.observer else { return }
        let now = loop.clock.monotonicNanoseconds()
        observer.finished(
            AccessRecord(
                requestID: id, trace: trace, method: request.method,
                url: generation.redaction.url(path: request.path, query: request.query),
                route: ownRoute ?? route?.pointee.path ?? "unmatched",
                status: status, nanoseconds: now > request.arrived ? now - request.arrived : 0,
                userID: identity?.caller.id, function: function, worker: worker, bytes: bytes, client: clientText))
    }
}
