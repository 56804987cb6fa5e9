import WireProtocol

extension RequestPipeline {
    /// The response that a worker's reply becomes. A reply that breaks the rules is `FUNCTION_CRASHED`, and nothing of
    /// it is sent.
    static func shape(_ reply: Reply, _ exchange: Exchange) throws(APIError) -> OutgoingResponse {
        if case .error(let error) = reply.kind { throw acceptable(error) }
        guard (200...599).contains(reply.status.code) else {
            throw nonsense("the status \(reply.status.code) is not one of 200 to 599")
        }
        guard var headers = ReplyHeaders.acceptable(reply.headers) else {
            throw nonsense("a header field is malformed, or one that only the gateway may send")
        }
        switch (reply.kind, exchange.page) {
        case (.response, nil):
            // Room for the id and `Vary`, so that the list is copied once.
            headers.reserve(headers.packed.count + 96)
            return OutgoingResponse(status: reply.status, headers: headers, body: reply.body)
        case (.page(let total), .page(let number, let limit)):
            guard total >= 0 else { throw nonsense("the total is negative") }
            let envelope = try envelope(reply, exchange)
            let body = envelope.wrap(reply.body, page: number, limit: limit, total: total, &headers)
            return paged(reply.status, headers, body)
        case (.cursorPage(let next), .cursor(_, let limit)):
            let envelope = try envelope(reply, exchange)
            let body = envelope.wrap(reply.body, limit: limit, next: next, &headers)
            return paged(reply.status, headers, body)
        default:
            throw APIError(.internalError, cause: mismatch(reply.kind, exchange.page))
        }
    }

    private static func envelope(_ reply: Reply, _ exchange: Exchange) throws(APIError) -> PageEnvelope {
        guard reply.body.first == UInt8(ascii: "["), reply.body.last == UInt8(ascii: "]") else {
            throw nonsense("the items of a page are no JSON array")
        }
        return PageEnvelope(
            path: exchange.request.path, query: exchange.query, function: exchange.function ?? "",
            cursors: exchange.loop.generation.cursors)
    }

    private static func paged(
        _ status: Status, _ headers: HeaderList, _ body: [UInt8]
    ) -> OutgoingResponse {
        var headers = headers
        if !headers.contains("content-type") {
            headers.append(constant: "content-type", "application/json")
        }
        return OutgoingResponse(status: status, headers: headers, body: body)
    }

    /// A handler's error as it may be sent.
    static func acceptable(_ error: APIError) -> APIError {
        guard (400...599).contains(error.status.code) else {
            return APIError(
                .internalError, cause: "the handler threw \(error.code) with the status \(error.status.code)")
        }
        guard let headers = ReplyHeaders.acceptable(error.headers) else {
            return nonsense("a header field of an error is malformed, or one that only the gateway may send")
        }
        var error = error
        error.headers = headers
        return error
    }

    private static func nonsense(_ cause: String) -> APIError { APIError(.functionCrashed, cause: cause) }

    private static func mismatch(_ kind: Reply.Kind, _ page: PageWindow?) -> String {
        let asked =
            switch page {
            case .page:
                "with `page: {style: page}` in the manifest the handler must return a page with a total"
            case .cursor: "with `page: {style: cursor}` in the manifest the handler must return a cursor page"
            case nil: "the handler returned a page, but the manifest has no `page` for this function"
            }
        return switch kind {
        case .response where page != nil: asked + "; it returned something else"
        default: asked
        }
    }
}
