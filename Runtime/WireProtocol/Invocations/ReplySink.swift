/// What hears how an invocation ended; called on the loop that `invoke` named.
public protocol ReplySink: AnyObject, Sendable {
    /// The worker answered, the body is whole.
    func reply(_ reply: Reply, from worker: WorkerStamp)
    /// No worker could answer: crashed, timed out, overloaded.
    func failed(_ error: APIError, from worker: WorkerStamp?)
}
