/// A request that is not answered yet, at its stream's place in the worker's table. Kept small and outside of the
/// generic shell: one is written and cleared for each request.
struct WorkerEntry {
    let stream: StreamID
    var state: RequestState?
    /// The rest of its body is still to come.
    var gathering: GatheringRequest?
    var task: Task<Void, Never>?
    var cancelled: CancelFrame.Reason?
    /// It came after SIGTERM, and is left to other workers.
    var isRefused = false
}

/// A request whose body comes in parts.
///
/// `@unchecked Sendable`: touched only by the thread that runs the loop.
final class GatheringRequest: @unchecked Sendable {
    var invocation: Invocation
    var body: IncomingBody

    init(_ invocation: consuming Invocation, _ body: IncomingBody) {
        self.invocation = invocation
        self.body = body
    }
}
