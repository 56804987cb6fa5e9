import WireProtocol

/// Names the caller of every invocation that passes: what `swiftlet invoke --as` says in place of a token.
final class CallerInvoker: Invoker {
    private let next: any Invoker
    private let caller: Caller

    init(_ next: any Invoker, caller: Caller) {
        self.next = next
        self.caller = caller
    }

    func invoke(
        _ function: FunctionID, _ invocation: Invocation, loop: Int, into sink: any ReplySink
    ) -> InvocationTicket {
        var invocation = invocation
        invocation.caller = caller
        return next.invoke(function, invocation, loop: loop, into: sink)
    }

    func cancel(_ ticket: InvocationTicket, loop: Int) { next.cancel(ticket, loop: loop) }
}
