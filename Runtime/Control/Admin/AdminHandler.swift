import Gateway
import JSONCoding
import WireProtocol

/// Answers the admin listeners (contract section 7): `/status`, `/health/live` and `/health/ready`, and on the Unix
/// socket `/workers` too. GET and HEAD only.
final class AdminHandler: RequestHandler {
    private let source: any StatusSource
    private let health: any HealthSource
    private let observer: (any RequestObserver)?
    private let isPrivate: Bool
    private let errors = ErrorAnswers()

    /// - Parameters:
    ///   - observer: hears of what is refused.
    ///   - isPrivate: for the Unix socket, which only the server's own user reaches.
    init(
        source: any StatusSource, health: any HealthSource, observer: (any RequestObserver)? = nil, isPrivate: Bool
    ) {
        self.source = source
        self.health = health
        self.observer = observer
        self.isPrivate = isPrivate
    }

    func accept(_ request: IncomingRequest, _ responder: any Responder) -> BodyPlan {
        let id = errors.requestID(request.headers)
        if let error = refusal(of: request) {
            responder.respond(errors.response(to: error, id: id, headers: request.headers))
            return .answered
        }
        switch String(decoding: request.path, as: UTF8.self) {
        case "/health/live": responder.respond(Self.json(Self.state("healthy"), id))
        case "/health/ready":
            let isReady = health.isReady
            let state = Self.state(isReady ? "healthy" : "unhealthy")
            responder.respond(Self.json(state, id, Status(isReady ? 200 : 503)))
        case "/status": source.status(loop: request.loop) { responder.respond(Self.json($0, id)) }
        case "/workers" where isPrivate:
            source.workers(loop: request.loop) { responder.respond(Self.json($0, id)) }
        default: responder.respond(errors.response(to: APIError(.notFound), id: id, headers: request.headers))
        }
        return .answered
    }

    func response(to failure: ParseFailure, peer: String) -> OutgoingResponse {
        let id = errors.requestID()
        observer?.refused(failure, requestID: id, client: peer)
        return errors.response(to: failure, id: id)
    }

    private func refusal(of request: IncomingRequest) -> APIError? {
        if !isPrivate, let error = pageRefusal(of: request) { return error }
        guard request.method == .get || request.method == .head else {
            return APIError(.methodNotAllowed, headers: ["allow": "GET, HEAD"])
        }
        return nil
    }

    /// A page in somebody's browser must not read this: no `Origin`, and `Host` an address or localhost, so that a
    /// name that was pointed here (DNS rebinding) does not help.
    private func pageRefusal(of request: IncomingRequest) -> APIError? {
        if request.headers.contains("origin") {
            return APIError(.forbidden, "Requests from web pages are refused here")
        }
        guard let host = request.headers["host"] else { return nil }
        var name = host[...]
        if name.hasPrefix("[") {
            name = name.dropFirst().prefix { $0 != "]" }
            return name.contains(":") ? nil : APIError(.forbidden, "Ask by address or as localhost")
        }
        name = name.prefix { $0 != ":" }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
        return isAddress || name.lowercased() == "localhost"
            ? nil : APIError(.forbidden, "Ask by address or as localhost")
    }

    private static func state(_ text: StaticString) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("status")
        json.string(text)
        json.endObject()
        return json.bytes
    }

    private static func json(_ body: [UInt8], _ id: RequestID, _ status: Status = .ok) -> OutgoingResponse {
        OutgoingResponse(
            status: status,
            headers: [
                "content-type": "application/json", "cache-control": "no-store", "x-request-id": id.description,
            ], body: body)
    }
}
