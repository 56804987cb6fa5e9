/// What calls functions: the workers' pools, as the gateway sees them.
///
/// Both methods are synchronous and never block; replies come on the event loop `loop`, the one that the call was
/// made on, and never before `invoke` has returned.
public protocol Invoker: AnyObject, Sendable {
    /// Hands over an invocation of `function`. `sink` hears of it exactly once: `reply` or `failed`.
    func invoke(
        _ function: FunctionID, _ invocation: consuming Invocation, loop: Int, into sink: any ReplySink
    ) -> InvocationTicket

    /// Nobody waits for it any more: a queued one is dropped, a running one cancelled; the sink hears nothing more.
    func cancel(_ ticket: InvocationTicket, loop: Int)
}
