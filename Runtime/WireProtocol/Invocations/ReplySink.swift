/// What hears how an invocation ended; called on the loop that `invoke` named.
///
/// A reply comes whole by `reply`, or in parts: `began`, then `part` as often as there are some, then `ended`. `failed`
/// may come in place of `reply`, and after `began` in place of `ended`: what came is then not the whole.
public protocol ReplySink: AnyObject, Sendable {
    /// The worker answered, the body is whole.
    func reply(_ reply: Reply, from worker: WorkerStamp)
    /// No worker could answer: crashed, timed out, overloaded; or the reply broke off.
    func failed(_ error: APIError, from worker: WorkerStamp?)

    /// A worker takes the streamed body of the invocation: the sink may send `count` bytes more by `flow`. Comes again
    /// with more as the worker reads.
    func bodyWanted(_ count: Int, by flow: any InvocationFlow)
    /// The worker began its answer; the body, of `length` bytes where that is known, follows in parts.
    func began(_ head: Reply, length: Int?, _ flow: any InvocationFlow, from worker: WorkerStamp)
    /// A part of the answer's body, valid during the call only; to be passed on, and then told by `flow.consumed`.
    func part(_ bytes: UnsafeRawBufferPointer)
    /// The answer is whole.
    func ended()
}
