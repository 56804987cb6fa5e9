import WireProtocol

/// A response as it is kept for a repeated request: as the handler made it, before what belongs to one request only
/// (its id, the date, rate limits, CORS, compression) is added.
///
/// `Set-Cookie` is kept: a replay goes to the same caller in place of the response that got lost.
public struct StoredResponse: Sendable, Equatable {
    /// The longest body that is kept: 1 MiB.
    static let longestBody = 1 << 20

    /// The status.
    let status: Status
    /// The header fields, those of one request only taken out.
    var headers: HeaderList
    /// The body.
    var body: [UInt8]

    /// The response as it is kept.
    init(_ response: OutgoingResponse) {
        status = response.status
        headers = Self.kept(response.headers)
        body = response.body
    }

    /// A response as a record holds it.
    init(status: Status, headers: HeaderList, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The response for a repeated request, with `Idempotent-Replayed: true`; it takes the same way on as a handler's.
    func replay() -> OutgoingResponse {
        var response = OutgoingResponse(status: status, headers: headers, body: body)
        response.headers.reserve(headers.packed.count + 128)
        response.headers.append(constant: "idempotent-replayed", "true")
        return response
    }

    private static func kept(_ headers: HeaderList) -> HeaderList {
        var kept = HeaderList()
        kept.reserve(headers.packed.count)
        headers.forEach { name, value in
            if !isOfOneRequest(name) { kept.append(name: name, value: value) }
        }
        return kept
    }

    private static let ofOneRequest: [StaticString] = [
        "x-request-id", "date", "age", "server", "connection", "keep-alive", "transfer-encoding", "content-length",
        "trailer", "upgrade", "ratelimit", "ratelimit-policy", "idempotent-replayed", "cache-status", "traceparent",
        "tracestate",
    ]

    private static func isOfOneRequest(_ name: UnsafeRawBufferPointer) -> Bool {
        for text in ofOneRequest where name.isText(text) { return true }
        return name.count > 15 && name.part(0..<15).isText("access-control-")
    }
}
