/// What gets a request's body and its end: one object a request. Called on the connection's event loop.
public protocol RequestReceiver: AnyObject, Sendable {
    /// The whole body; empty when there is none. Called at most once.
    func gathered(_ body: [UInt8])
    /// The body could not be read: too large, too slow, malformed. The receiver answers through its responder.
    func failed(_ failure: ParseFailure)
    /// The client went away before the response was complete; nothing that is sent now is read by anybody.
    func clientGone()
}
