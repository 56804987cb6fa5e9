import WireProtocol

/// An invocation that has not ended, and who waits for it: what the machine's key stands for.
final class PendingInvocation: Sendable {
    let invocation: Invocation
    let sink: any ReplySink
    /// The event loop that the sink is called on.
    let loop: Int
    /// When it came.
    let since: Instant

    init(
        _ invocation: consuming Invocation, sink: any ReplySink, loop: Int, since: Instant = Instant(nanoseconds: 0)
    ) {
        self.invocation = invocation
        self.sink = sink
        self.loop = loop
        self.since = since
    }
}
