import WorkerLoop

/// One request for as long as its handler runs; what `Context` and the task-local scope point to.
///
/// `@unchecked Sendable`: `output` is touched only by the thread that runs the loop, which is its lock.
final class RequestState: InvocationScope, @unchecked Sendable {
    let invocation: Invocation
    let stream: StreamID
    let deadline: LoopInstant
    let log: LogOutput
    /// The body, where it is streamed.
    let body: BodyQueue?
    /// The answer, while it is streamed.
    var output: WorkerStream?

    init(
        invocation: consuming Invocation, stream: StreamID, deadline: LoopInstant, log: LogOutput,
        body: BodyQueue? = nil
    ) {
        self.invocation = invocation
        self.stream = stream
        self.deadline = deadline
        self.log = log
        self.body = body
    }

    var bodyStream: BodyStream { body.map(BodyStream.init) ?? BodyStream([invocation.body]) }
    var requestIDText: String { invocation.requestID.description }
    var traceparent: String { invocation.trace.traceparent }
    var tracestate: String? { invocation.trace.state }
}
