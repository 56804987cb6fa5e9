import WireProtocol

extension RequestPipeline {
    /// Where the request leads: a function's route, or an answer that needs none.
    static func locate(_ exchange: Exchange, _ fields: HeaderIndex) throws(APIError) -> Location {
        if let path = HealthPath(exchange.request.path) { return .answer(try health(path, exchange)) }
        if let description = exchange.loop.generation.description, description.stands(at: exchange.request.path) {
            return try describe(description, exchange)
        }
        // `OPTIONS *` asks for the server as a whole (RFC 9110, section 9.3.7).
        let method = exchange.request.method
        if method == .options, exchange.request.path == [UInt8(ascii: "*")] {
            exchange.variesByVersion = false
            return .answer(options(exchange.loop.generation.router.methods))
        }
        let router = exchange.loop.generation.router
        if method == .options, exchange.fields.contains(.origin),
            CrossOriginPolicy.isPreflight(exchange.request.headers)
        {
            let methods = exchange.request.path.withUnsafeBytes { router.methods(at: $0) }
            if !methods.isEmpty, let answer = preflight(exchange, methods) { return .answer(answer) }
        }
        let finding = find(method, exchange, fields)
        if finding.versionInPath { exchange.variesByVersion = false }
        if fields.versionIsDoubled, !finding.versionInPath {
            throw .badRequest("The version header may be given only once")
        }
        switch finding.outcome {
        case .route(let route):
            exchange.located(route, from: finding.start)
            return .function(LocatedRequest(route: route, start: finding.start))
        case .otherMethods(let methods):
            guard method == .options else { throw notAllowed(methods) }
            return .answer(options(methods))
        case .nothing:
            // No address supports these two, so the answer does not depend on it.
            if method == .connect || method == .trace { throw notAllowed(router.methods) }
            throw APIError(.notFound)
        case .unknownVersion:
            throw .badRequest("The version that the request names does not exist")
        }
    }

    private static func find(_ method: Method, _ exchange: Exchange, _ fields: HeaderIndex) -> Router.Finding {
        let router = exchange.loop.generation.router
        return exchange.request.path.withUnsafeBytes { path in
            guard let version = fields.version else { return router.find(path, method, version: nil) }
            return exchange.request.headers.packed.withUnsafeBytes { headers in
                router.find(path, method, version: headers.part(version))
            }
        }
    }

    /// The answer to the question that a browser asks before it lets another origin's page send a request.
    private static func preflight(_ exchange: Exchange, _ methods: MethodSet) -> OutgoingResponse? {
        guard exchange.fields.contains(.origin), let crossOrigin = exchange.loop.generation.crossOrigin,
            let answer = crossOrigin.preflight(exchange.request.headers, allowed: methods)
        else { return nil }
        exchange.isPreflight = true
        exchange.variesByVersion = false
        return answer
    }

    /// The description of the API, to whoever asks.
    private static func describe(
        _ description: ServedDescription, _ exchange: Exchange
    ) throws(APIError) -> Location {
        exchange.variesByVersion = false
        exchange.ownRoute = description.path
        exchange.hasRepresentation = true
        let methods = MethodSet(.get)
        switch exchange.request.method {
        case .get, .head: return .kept(description.answer)
        case .options: return .answer(preflight(exchange, methods) ?? options(methods))
        default: throw notAllowed(methods)
        }
    }

    private static func health(_ path: HealthPath, _ exchange: Exchange) throws(APIError) -> OutgoingResponse {
        exchange.variesByVersion = false
        exchange.ownRoute = path.route
        let methods = MethodSet(.get)
        switch exchange.request.method {
        case .get, .head:
            return HealthAnswer.response(
                path, source: exchange.loop.health,
                unixMilliseconds: exchange.loop.clock.unixMilliseconds())
        case .options: return preflight(exchange, methods) ?? options(methods)
        default: throw notAllowed(methods)
        }
    }

    private static func options(_ methods: MethodSet) -> OutgoingResponse {
        OutgoingResponse(status: .noContent, headers: ["allow": methods.allow])
    }

    private static func notAllowed(_ methods: MethodSet) -> APIError {
        APIError(.methodNotAllowed, headers: ["allow": methods.allow])
    }
}
