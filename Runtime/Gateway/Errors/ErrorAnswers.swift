import Synchronization
import WireProtocol

/// Answers where no pipeline stands behind the request: bytes that are none, and the admin listeners. The envelope and
/// the ids are those of every other answer (contract 3.1, 3.2).
public final class ErrorAnswers: Sendable {
    private let clock: GatewayClock
    private let random = Mutex(FastRandom())

    /// - Parameter clock: the time in ids and envelopes; by default the system's.
    public init(clock: GatewayClock = .system) { self.clock = clock }

    /// The id of an answer to a request with these fields: the client's where it is acceptable, else a new one.
    public func requestID(_ headers: HeaderList = HeaderList()) -> RequestID {
        let given = headers.withFirst("x-request-id") { RequestID(header: $0) }
        if let given, let given { return given }
        let now = clock.unixMilliseconds()
        return random.withLock { RequestID(milliseconds: now, using: &$0) }
    }

    /// The envelope with its `X-Request-Id`; JSON, unless these fields prefer problem details (RFC 9457).
    public func response(to error: APIError, id: RequestID, headers: HeaderList = HeaderList()) -> OutgoingResponse {
        var response = ErrorEnvelope.response(
            error, AcceptHeader.prefersProblem(headers) ? .problem : .json, id: id,
            unixMilliseconds: clock.unixMilliseconds())
        response.headers.append(constant: "vary", "accept")
        response.headers.append(constant: "x-content-type-options", "nosniff")
        response.headers.append("x-request-id", id.description)
        return response
    }

    /// The envelope for bytes that are no acceptable request; always JSON, for no `Accept` is known.
    public func response(to failure: ParseFailure, id: RequestID) -> OutgoingResponse {
        response(to: APIError(failure), id: id)
    }
}
