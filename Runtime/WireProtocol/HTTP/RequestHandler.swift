/// What the front door hands requests to: the gateway's side of an exchange.
///
/// Called on the connection's event loop; must not block.
public protocol RequestHandler: AnyObject, Sendable {
    /// Takes a request head. Answers how the body is to be read; the answer itself goes to `responder`, now or later.
    func accept(_ request: consuming IncomingRequest, _ responder: any Responder) -> BodyPlan

    /// The response to bytes that are no acceptable request; the front door closes the connection after it.
    func response(to failure: ParseFailure, peer: String) -> OutgoingResponse
}
