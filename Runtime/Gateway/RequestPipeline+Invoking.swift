import WireProtocol

extension RequestPipeline {
    /// Reads the route's parameters, the query and the page, before the body is waited for.
    static func prepare(
        _ located: LocatedRequest, _ exchange: Exchange
    ) throws(APIError) -> PreparedRequest {
        let route = located.route
        var query: [Invocation.Parameter] = []
        if !exchange.request.query.isEmpty { query = try QueryString.parameters(exchange.request.query) }
        var page: PageWindow?
        if let settings = route.pointee.policy.page {
            let reader = PageParameters(
                settings: settings, cursors: exchange.loop.generation.cursors,
                function: route.pointee.policy.name)
            page = try reader.window(from: &query)
        }
        var parameters: [Invocation.Parameter] = []
        if route.pointee.hasParameters {
            parameters = route.pointee.values(in: exchange.request.path, from: located.start)
        }
        return PreparedRequest(located: located, parameters: parameters, query: query, page: page)
    }

    /// What the worker is handed; HEAD is run as GET.
    static func invocation(
        _ prepared: consuming PreparedRequest, _ body: [UInt8], _ exchange: Exchange
    ) -> Invocation {
        let method = exchange.request.method
        return Invocation(
            requestID: exchange.id, trace: exchange.trace, method: method == .head ? .get : method,
            path: exchange.request.path, parameters: prepared.parameters, query: prepared.query,
            headers: exchange.hasIdentity
                ? RequestIdentity.without(exchange.request.headers) : exchange.request.headers,
            page: prepared.page,
            timeoutMilliseconds: prepared.located.route.pointee.policy.timeoutMilliseconds, body: body)
    }
}
