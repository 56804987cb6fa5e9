/// Where the response to one request goes; one object a request. Called on the connection's event loop.
public protocol Responder: AnyObject, Sendable {
    /// Sends a whole response. Only the first call of `respond` or `begin` has an effect.
    func respond(_ response: OutgoingResponse)
    /// Sends a response's head, with the body to follow by `write`; `contentLength` nil sends it chunked.
    func begin(_ status: Status, _ headers: HeaderList, contentLength: Int?)
    /// Sends a part of the body; false says that the client reads slowly, and `whenWritable` will be called.
    func write(_ bytes: [UInt8]) -> Bool
    /// As `write` of an array; the bytes are valid during the call only.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// Ends the body begun with `begin`.
    func finish()
    /// Breaks the connection off: the client sees that the response is not whole.
    func abort()
    /// Called once when what `write` held back has gone out.
    func whenWritable(_ callback: @escaping @Sendable () -> Void)
    /// The receiver of a streamed body (`BodyPlan.stream`) takes more of it: reads on until `bodyPart` says false.
    func readBody()
}

extension Responder {
    /// Copies the bytes and writes them.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Bool { write([UInt8](bytes)) }
    /// Does nothing: for a responder whose request has no streamed body.
    public func readBody() {}
}
