import WireProtocol

extension RequestPipeline {
    /// Reads and checks the route's parameters, the query and the page, before the body is waited for.
    static func prepare(
        _ admitted: AdmittedRequest, cacheKey: CacheKey?, _ exchange: Exchange
    ) throws(APIError) -> PreparedRequest {
        let located = admitted.located
        let route = located.route
        try expectBody(route.policy, exchange)
        let validator = route.policy.pointee.validator
        let checksParameters = validator?.checksParameters ?? false
        var query: [Invocation.Parameter] = []
        // All that was sent is checked, also what does not count for an answer that is kept.
        let text = checksParameters ? exchange.request.query : exchange.query
        if !text.isEmpty { query = try QueryString.parameters(text) }
        var page: PageWindow?
        var faults: [APIError.Detail] = []
        if let settings = route.policy.pointee.page {
            let reader = PageParameters(
                settings: settings, cursors: exchange.loop.generation.cursors,
                function: route.policy.pointee.name)
            do throws(APIError) {
                page = try reader.window(from: &query)
            } catch {
                guard !error.details.isEmpty else { throw error }
                faults = error.details
            }
        }
        var parameters: [Invocation.Parameter] = []
        if route.pointee.hasParameters {
            parameters = route.pointee.values(in: exchange.request.path, from: located.start)
        }
        if checksParameters, let validator {
            faults += validator.validate(path: &parameters, query: &query)
            if cacheKey != nil, let policy = route.policy.pointee.cache { query = policy.reduced(query) }
        }
        let isBodyChecked = validator?.checksBody ?? false
        guard faults.isEmpty || isBodyChecked && !route.policy.pointee.streamsBody else {
            throw APIError(.validationError, details: faults)
        }
        var key: ScopedKey?
        if let idempotency = route.policy.pointee.idempotency {
            key = try idempotency.key(
                in: exchange.request.headers, caller: exchange.identity?.caller.id, by: exchange.identity?.credential)
        }
        return PreparedRequest(
            located: located, parameters: parameters, query: query, page: page, faults: faults, cacheKey: cacheKey,
            idempotencyKey: key)
    }

    /// Refuses a body by what its fields say of it, before it is read. One whose length is not known may be empty.
    private static func expectBody(
        _ policy: UnsafePointer<FunctionPolicy>, _ exchange: Exchange
    ) throws(APIError) {
        guard let length = exchange.request.contentLength, length > 0, !policy.pointee.streamsBody else { return }
        if exchange.fields.contains(.contentEncoding) { _ = try ContentCoding(exchange.request.headers) }
        if let validator = policy.pointee.validator { try validator.validate(headers: exchange.request.headers) }
    }

    /// The key of the request's answer in the cache; nil where it is not kept.
    static func cacheKey(_ admitted: AdmittedRequest, _ exchange: Exchange) throws(APIError) -> CacheKey? {
        guard let policy = admitted.located.route.policy.pointee.cache else { return nil }
        let request = exchange.request
        guard policy.takes(request.method, contentLength: request.contentLength) else {
            if request.method == .get || request.method == .head { exchange.hold().cacheStatus = .bypass }
            return nil
        }
        if policy.parameters != nil {
            guard let query = policy.reduced(request.query) else { throw .badRequest("The query is malformed") }
            exchange.hold().query = query
        }
        return policy.key(
            path: request.path, from: admitted.located.start, query: exchange.query,
            caller: exchange.identity?.cacheName ?? .anonymous, headers: request.headers)
    }

    /// The body as the function gets it: decompressed, and checked against its schema.
    static func checked(
        _ body: consuming [UInt8], _ prepared: borrowing PreparedRequest, _ exchange: Exchange
    ) throws(APIError) -> [UInt8] {
        let policy = prepared.located.route.policy
        if exchange.fields.contains(.contentEncoding), !body.isEmpty,
            try ContentCoding(exchange.request.headers) == .gzip
        {
            body = try exchange.loop.gunzip.decode(body, limit: policy.pointee.bodyLimit)
        }
        if let validator = policy.pointee.validator, validator.checksBody {
            let faults = try prepared.faults + validator.validate(body: body, headers: exchange.request.headers)
            guard faults.isEmpty else { throw APIError(.validationError, details: faults) }
        }
        return body
    }

    /// What the worker is handed; HEAD is run as GET.
    static func invocation(
        _ prepared: consuming PreparedRequest, _ body: [UInt8], _ exchange: Exchange
    ) -> Invocation {
        let method = exchange.request.method
        return Invocation(
            requestID: exchange.id, trace: exchange.trace, method: method == .head ? .get : method,
            path: exchange.request.path, parameters: prepared.parameters, query: prepared.query,
            headers: fields(prepared, exchange), caller: caller(prepared, exchange), page: prepared.page,
            timeoutMilliseconds: prepared.located.route.policy.pointee.timeoutMilliseconds, body: body)
    }

    /// The fields that the handler sees: all but those that it gets by the invocation's own members, that tell of the
    /// body as it came, or that only a trusted proxy may send; tags in conditions are its own, not those of compressed
    /// answers. Where its answer is kept for others, only those that the answer may depend on.
    private static func fields(_ prepared: borrowing PreparedRequest, _ exchange: Exchange) -> HeaderList {
        var headers = exchange.request.headers
        if exchange.fields.contains(.forwarding) {
            headers = exchange.loop.generation.proxies.sanitized(
                headers, from: ClientAddress(peer: exchange.request.peer))
        }
        if prepared.cacheKey != nil, let policy = prepared.located.route.policy.pointee.cache {
            return policy.reduced(headers)
        }
        var seen = exchange.hasIdentity ? RequestIdentity.without(headers) : headers
        if exchange.fields.contains(.contentEncoding), !prepared.located.route.policy.pointee.streamsBody {
            seen = ContentCoding.decoded(seen)
        }
        if exchange.fields.contains(.conditions), exchange.loop.generation.compression != nil {
            seen = EntityTag.uncompressed(in: seen)
        }
        return seen
    }

    /// Who calls, as the handler is told: nobody where its answer is kept for whoever asks.
    private static func caller(_ prepared: borrowing PreparedRequest, _ exchange: Exchange) -> Caller {
        if prepared.cacheKey != nil, prepared.located.route.policy.pointee.cache?.variesByCaller == false {
            return .anonymous
        }
        return exchange.identity?.caller ?? .anonymous
    }
}
