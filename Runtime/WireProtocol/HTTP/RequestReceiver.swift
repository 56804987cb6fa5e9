/// What gets a request's body and its end: one object a request. Called on the connection's event loop.
public protocol RequestReceiver: AnyObject, Sendable {
    /// The whole body; empty when there is none. Called at most once, and only for a body that is gathered.
    func gathered(_ body: [UInt8])
    /// A part of a streamed body; the bytes are valid during the call only. False: read no more before
    /// `Responder.readBody` is called. A part or two may come all the same.
    func bodyPart(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// A streamed body is whole.
    func bodyEnded()
    /// The body could not be read: too large, too slow, malformed. The receiver answers through its responder.
    func failed(_ failure: ParseFailure)
    /// The client went away before the response was complete; nothing that is sent now is read by anybody.
    func clientGone()
    /// The server stops and waits no longer for the answer, which has not begun. What is answered during the call is sent;
    /// without an answer `clientGone` follows.
    func cutOff()
}

extension RequestReceiver {
    /// Drops the part: for a receiver that asks for no stream.
    public func bodyPart(_ bytes: UnsafeRawBufferPointer) -> Bool { true }
    /// Does nothing: for a receiver that asks for no stream.
    public func bodyEnded() {}
    /// Does nothing: the request has no answer.
    public func cutOff() {}
}
