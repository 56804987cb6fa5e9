import WireProtocol

extension RequestPipeline {
    /// Where the request leads: a function's route, or an answer that needs none.
    static func locate(_ exchange: Exchange, _ fields: HeaderIndex) throws(APIError) -> Location {
        if let path = HealthPath(exchange.request.path) { return .answer(try health(path, exchange)) }
        // `OPTIONS *` asks for the server as a whole (RFC 9110, section 9.3.7).
        let method = exchange.request.method
        if method == .options, exchange.request.path == [UInt8(ascii: "*")] {
            exchange.variesByVersion = false
            return .answer(options(exchange.loop.generation.router.methods))
        }
        let router = exchange.loop.generation.router
        let finding = exchange.request.path.withUnsafeBytes { path in
            guard let version = fields.version else { return router.find(path, method, version: nil) }
            return exchange.request.headers.packed.withUnsafeBytes { headers in
                router.find(path, method, version: headers.part(version))
            }
        }
        if finding.versionInPath { exchange.variesByVersion = false }
        if fields.versionIsDoubled, !finding.versionInPath {
            throw .badRequest("The version header may be given only once")
        }
        switch finding.outcome {
        case .route(let route):
            exchange.located(route)
            return .function(LocatedRequest(route: route, start: finding.start))
        case .otherMethods(let methods):
            if method == .options { return .answer(options(methods)) }
            throw notAllowed(methods)
        case .nothing:
            // No address supports these two, so the answer does not depend on it.
            if method == .connect || method == .trace { throw notAllowed(router.methods) }
            throw APIError(.notFound)
        case .unknownVersion:
            throw .badRequest("The version that the request names does not exist")
        }
    }

    private static func health(_ path: HealthPath, _ exchange: Exchange) throws(APIError) -> OutgoingResponse {
        exchange.variesByVersion = false
        exchange.health = path
        switch exchange.request.method {
        case .get, .head:
            return HealthAnswer.response(
                path, source: exchange.loop.health,
                unixMilliseconds: exchange.loop.clock.unixMilliseconds())
        case .options: return options(MethodSet(.get))
        default: throw notAllowed(MethodSet(.get))
        }
    }

    private static func options(_ methods: MethodSet) -> OutgoingResponse {
        OutgoingResponse(status: .noContent, headers: ["allow": methods.allow])
    }

    private static func notAllowed(_ methods: MethodSet) -> APIError {
        APIError(.methodNotAllowed, headers: ["allow": methods.allow])
    }
}
