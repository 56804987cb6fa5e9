/// The parts of one invocation under way: the body of a streamed request towards the worker, and the pace at which the
/// reply's parts come. Used on the loop that `invoke` named; calls after the invocation's end do nothing.
public protocol InvocationFlow: AnyObject, Sendable {
    /// Sends a part of the request's body; with `isEnd` the last one, which may be empty. No more than was asked for by
    /// `ReplySink.bodyWanted`, but for what is in hand already.
    func send(_ bytes: UnsafeRawBufferPointer, isEnd: Bool)
    /// So many bytes of the reply's body were passed on: as many more may come. At most 64 KiB come without it.
    func consumed(_ count: Int)
}
