import WireProtocol

extension RequestPipeline {
    /// The stages before the body: from a route to what an invocation needs beside its body. A caller whose token has
    /// to be verified first, elsewhere, goes on by `proceed`.
    static func begin(_ located: LocatedRequest, _ exchange: Exchange) throws(APIError) -> BodyPlan {
        try admitClient(located, exchange)
        switch try authenticate(located, exchange) {
        case .authenticated(let request): return try proceed(request, exchange)
        case .pending(let pending):
            exchange.identify(located, pending)
            let policy = located.route.policy
            return policy.pointee.streamsBody && exchange.request.contentLength != 0
                ? .stream(limit: policy.pointee.bodyLimit, exchange)
                : .gather(limit: policy.pointee.bodyLimit, exchange)
        }
    }

    /// The stages from a known caller to the body.
    static func proceed(_ request: AuthenticatedRequest, _ exchange: Exchange) throws(APIError) -> BodyPlan {
        let admitted = try admit(request, exchange)
        let policy = admitted.located.route.policy
        // What is kept was once checked: path and query are in the key. So a hit need not be checked again, unless parts of
        // the query are not.
        let key = try cacheKey(admitted, exchange)
        let isCheckedFirst =
            policy.pointee.cache?.parameters != nil && policy.pointee.validator?.checksParameters ?? false
        if let key, !isCheckedFirst, exchange.answerFromCache(key) { return .answered }
        let prepared = try prepare(admitted, cacheKey: key, exchange)
        if let key, isCheckedFirst, prepared.faults.isEmpty, exchange.answerFromCache(key) { return .answered }
        if policy.pointee.streamsBody, exchange.request.contentLength != 0 {
            try exchange.begin(prepared, limit: policy.pointee.bodyLimit)
            return .stream(limit: policy.pointee.bodyLimit, exchange)
        }
        exchange.expectBody(of: prepared)
        return .gather(limit: policy.pointee.bodyLimit, exchange)
    }

    /// Counts the request by its client's address, before anything is asked of the caller.
    private static func admitClient(_ located: LocatedRequest, _ exchange: Exchange) throws(APIError) {
        let function = located.route.policy.pointee.index
        let limiter = exchange.loop.generation.limiter
        guard limiter.limitsClients(function) else { return }
        do {
            try limiter.admitClient(
                function, exchange.address(), at: exchange.request.arrived, &exchange.tally)
        } catch {
            exchange.denied("rate_limit")
            throw error
        }
    }

    /// Finds out who calls.
    ///
    /// A function that asks nobody (`auth: none`) is told of nobody, whatever the request shows.
    private static func authenticate(
        _ located: LocatedRequest, _ exchange: Exchange
    ) throws(APIError) -> Authentication {
        let rule = located.route.policy.pointee.access
        let loop = exchange.loop
        do throws(Refusal) {
            if let assumed = loop.generation.assumed {
                try rule.authorize(assumed)
                return .authenticated(AuthenticatedRequest(located: located, identity: assumed))
            }
            guard rule.demand != .none else {
                return .authenticated(AuthenticatedRequest(located: located, identity: nil))
            }
            switch try loop.generation.authenticator.decide(
                exchange.request.headers, rule, memory: &loop.tokens,
                unixMilliseconds: loop.clock.unixMilliseconds())
            {
            case .decided(let identity):
                return .authenticated(
                    AuthenticatedRequest(located: located, identity: identity.credential == nil ? nil : identity))
            case .pending(let pending): return .pending(pending)
            }
        } catch {
            throw exchange.refused(error)
        }
    }

    /// Counts the request of a caller who may call the function.
    private static func admit(
        _ request: AuthenticatedRequest, _ exchange: Exchange
    ) throws(APIError) -> AdmittedRequest {
        exchange.identity = request.identity
        let policy = request.located.route.policy
        let limiter = exchange.loop.generation.limiter
        if limiter.limits(policy.pointee.index) {
            let caller = RateCaller(request.identity)
            do {
                try limiter.admitCaller(
                    policy.pointee.index, caller, exchange.address(), at: exchange.request.arrived, &exchange.tally)
            } catch {
                exchange.denied("rate_limit")
                throw error
            }
        }
        return AdmittedRequest(located: request.located)
    }
}

extension RateCaller {
    /// Whom rules by caller and by key count.
    init(_ identity: Identity?) {
        switch (identity?.credential, identity?.caller.id) {
        case (.apiKey, let name?): self = .key(name: name)
        case (.jwt, let id?): self = .token(id: id)
        default: self = .anonymous
        }
    }
}
