import WorkerLoop

/// One request for as long as its handler runs; what `Context` and the task-local scope point to.
final class RequestState: InvocationScope {
    let invocation: Invocation
    let stream: StreamID
    let deadline: LoopInstant
    let log: LogOutput

    init(invocation: consuming Invocation, stream: StreamID, deadline: LoopInstant, log: LogOutput) {
        self.invocation = invocation
        self.stream = stream
        self.deadline = deadline
        self.log = log
    }

    var requestIDText: String { invocation.requestID.description }
    var traceparent: String { invocation.trace.traceparent }
    var tracestate: String? { invocation.trace.state }
}
