import WorkerLoop

/// What a handler knows of the request beside its input.
public struct Context: Sendable {
    let request: RequestState

    /// The request's id: on its response, in every line of the log, in every error.
    public var requestID: String { request.requestIDText }
    /// The trace that the request belongs to.
    public var trace: TraceContext { request.invocation.trace }
    /// Who calls, as the gateway found out.
    public var caller: Caller { request.invocation.caller }
    /// The request's header fields.
    public var headers: HeaderList { request.invocation.headers }
    /// The request's method; HEAD comes as GET.
    public var method: Method { request.invocation.method }
    /// The path, percent-decoded and normalised, prefix and version included.
    public var path: String { String(decoding: request.invocation.path, as: UTF8.self) }
    /// The body as it came, for an input that is not JSON; empty when there is none, and where it is streamed.
    public var body: [UInt8] { request.invocation.body }
    /// The body as it comes, for a function with `stream: {request: true}`; without that the whole of it as one part.
    public var bodyStream: BodyStream { request.bodyStream }
    /// The whole invocation.
    public var invocation: Invocation { request.invocation }
    /// When the gateway answers 504 in the handler's place; the task is cancelled then. A streamed answer has none any more
    /// once it has begun.
    public var deadline: LoopInstant { request.deadline }
    /// How long it is until the deadline; negative after it.
    public var remaining: Duration { LoopInstant.now.duration(to: request.deadline) }
    /// Writes lines to the log that carry the request's id.
    public var logger: FunctionLogger { FunctionLogger(output: request.log, stream: request.stream) }
}
