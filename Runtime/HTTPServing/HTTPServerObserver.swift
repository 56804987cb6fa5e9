/// What a server tells beside requests, for counters and logs; every method has an empty default.
///
/// Called on event loops: must not block.
public protocol HTTPServerObserver: AnyObject, Sendable {
    /// A connection was accepted.
    func connectionOpened()
    /// A connection is gone.
    func connectionClosed()
    /// Nothing is accepted until there is room again; told once, however often accepting stops and goes on after it.
    func acceptingPaused(_ cause: AcceptPause)
    /// Connections are accepted again, and for a second nothing has stopped that.
    func acceptingResumed()
    /// A response was not fit to be sent; the client got 502.
    func responseRefused(_ fault: ResponseFault)
    /// A client read nothing for `writeTimeout`, and was reset.
    func slowReaderReset()
}

extension HTTPServerObserver {
    /// Does nothing.
    public func connectionOpened() {}
    /// Does nothing.
    public func connectionClosed() {}
    /// Does nothing.
    public func acceptingPaused(_ cause: AcceptPause) {}
    /// Does nothing.
    public func acceptingResumed() {}
    /// Does nothing.
    public func responseRefused(_ fault: ResponseFault) {}
    /// Does nothing.
    public func slowReaderReset() {}
}
