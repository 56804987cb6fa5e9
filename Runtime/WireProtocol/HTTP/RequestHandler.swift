/// What the front door hands requests to: the gateway's side of an exchange.
///
/// Called on the connection's event loop; must not block.
public protocol RequestHandler: AnyObject, Sendable {
    /// Takes a request head. Answers how the body is to be read; the answer itself goes to `responder`, now or later.
    func accept(_ request: IncomingRequest, _ responder: any Responder) -> BodyPlan

    /// The response to bytes that are no acceptable request; the front door closes the connection after it.
    func response(to failure: ParseFailure, peer: String) -> OutgoingResponse
}

/// How the front door is to read a request's body.
public enum BodyPlan {
    /// Gather it, up to `limit` bytes, then call `RequestReceiver.gathered`. A longer one ends with
    /// `RequestReceiver.failed(.bodyTooLarge)`, before the body is read where its length is declared.
    case gather(limit: Int, any RequestReceiver)
    /// The handler has answered; read on up to 64 KiB of the body, else close.
    case answered
}

/// What gets a request's body and its end: one object a request. Called on the connection's event loop.
public protocol RequestReceiver: AnyObject, Sendable {
    /// The whole body; empty when there is none. Called at most once.
    func gathered(_ body: [UInt8])
    /// The body could not be read: too large, too slow, malformed. The receiver answers through its responder.
    func failed(_ failure: ParseFailure)
    /// The client went away before the response was complete; nothing that is sent now is read by anybody.
    func clientGone()
}

/// Where the response to one request goes; one object a request. Called on the connection's event loop.
public protocol Responder: AnyObject, Sendable {
    /// Sends a whole response. Only the first call of `respond` or `begin` has an effect.
    func respond(_ response: OutgoingResponse)
    /// Sends a response's head, with the body to follow by `write`; `contentLength` nil sends it chunked.
    func begin(_ status: Status, _ headers: HeaderList, contentLength: Int?)
    /// Sends a part of the body; false says that the client reads slowly, and `whenWritable` will be called.
    func write(_ bytes: [UInt8]) -> Bool
    /// Ends the body begun with `begin`.
    func finish()
    /// Breaks the connection off: the client sees that the response is not whole.
    func abort()
    /// Called once when what `write` held back has gone out.
    func whenWritable(_ callback: @escaping @Sendable () -> Void)
}
