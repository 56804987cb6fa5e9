import Gateway
import JSONCoding
import WireProtocol

/// Answers the admin listeners (contract section 7): `/status`, `/health/live` and `/health/ready`, and on the Unix
/// socket `/workers` too. GET and HEAD only.
final class AdminHandler: RequestHandler {
    private let source: any StatusSource
    private let health: any HealthSource
    private let isPrivate: Bool

    /// - Parameter isPrivate: for the Unix socket, which only the server's own user reaches.
    init(source: any StatusSource, health: any HealthSource, isPrivate: Bool) {
        self.source = source
        self.health = health
        self.isPrivate = isPrivate
    }

    func accept(_ request: IncomingRequest, _ responder: any Responder) -> BodyPlan {
        if !isPrivate, let refusal = refusal(of: request) {
            responder.respond(Self.error(refusal))
            return .answered
        }
        guard request.method == .get || request.method == .head else {
            responder.respond(Self.error(APIError(.methodNotAllowed, headers: ["allow": "GET, HEAD"])))
            return .answered
        }
        switch String(decoding: request.path, as: UTF8.self) {
        case "/health/live": responder.respond(Self.json(Self.state("healthy")))
        case "/health/ready":
            let isReady = health.isReady
            responder.respond(Self.json(Self.state(isReady ? "healthy" : "unhealthy"), Status(isReady ? 200 : 503)))
        case "/status": source.status(loop: request.loop) { responder.respond(Self.json($0)) }
        case "/workers" where isPrivate: source.workers(loop: request.loop) { responder.respond(Self.json($0)) }
        default: responder.respond(Self.error(APIError(.notFound)))
        }
        return .answered
    }

    func response(to failure: ParseFailure, peer: String) -> OutgoingResponse {
        Self.error(APIError(code: "BAD_REQUEST", status: failure.status, message: "The request is malformed"))
    }

    /// A page in somebody's browser must not read this: no `Origin`, and `Host` an address or localhost, so that a
    /// name that was pointed here (DNS rebinding) does not help.
    private func refusal(of request: IncomingRequest) -> APIError? {
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

    private static func json(_ body: [UInt8], _ status: Status = .ok) -> OutgoingResponse {
        OutgoingResponse(
            status: status, headers: ["content-type": "application/json", "cache-control": "no-store"], body: body)
    }

    private static func error(_ error: APIError) -> OutgoingResponse {
        var json = JSONWriter()
        json.beginObject()
        json.key("error")
        json.beginObject()
        json.key("code")
        json.string(error.code)
        json.key("status")
        json.integer(error.status.code)
        json.key("message")
        json.string(error.message)
        json.endObject()
        json.endObject()
        var response = Self.json(json.bytes, error.status)
        for (name, value) in error.headers.fields { response.headers.append(name, value) }
        return response
    }
}
