/// What calls functions: the workers' pools, as the gateway sees them.
///
/// Both methods are synchronous and never block; replies come on the event loop `loop`, the one that the call was
/// made on, and never before `invoke` has returned.
public protocol Invoker: AnyObject, Sendable {
    /// Hands over an invocation of `function`. `sink` hears of it exactly once: `reply` or `failed`.
    func invoke(
        _ function: FunctionID, _ invocation: Invocation, loop: Int, into sink: any ReplySink
    ) -> InvocationTicket

    /// Nobody waits for it any more: a queued one is dropped, a running one cancelled; the sink hears nothing more.
    func cancel(_ ticket: InvocationTicket, loop: Int)
}

/// Where a function stands in the table of the present generation; small and dense.
public struct FunctionID: Sendable, Hashable {
    /// The index.
    public let index: Int

    /// The function at this index.
    @inlinable
    public init(_ index: Int) { self.index = index }
}

/// Names one invocation that is under way, for `cancel`.
public struct InvocationTicket: Sendable, Hashable {
    /// Which function.
    public let function: FunctionID
    /// Unique within the function's pool.
    public let serial: UInt64

    /// A ticket; see the properties.
    @inlinable
    public init(function: FunctionID, serial: UInt64) {
        self.function = function
        self.serial = serial
    }
}

/// What hears how an invocation ended; called on the loop that `invoke` named.
public protocol ReplySink: AnyObject, Sendable {
    /// The worker answered, the body is whole.
    func reply(_ reply: Reply, from worker: WorkerStamp)
    /// No worker could answer: crashed, timed out, overloaded.
    func failed(_ error: APIError, from worker: WorkerStamp?)
}

/// Which worker handled an invocation, for the log.
public struct WorkerStamp: Sendable, Hashable {
    /// The worker's number within its function since the gateway started, from 1.
    public var number: Int
    /// The process id.
    public var pid: Int32
    /// Whether the invocation waited for this worker to start.
    public var coldStart: Bool

    /// A stamp; see the properties.
    @inlinable
    public init(number: Int, pid: Int32, coldStart: Bool) {
        self.number = number
        self.pid = pid
        self.coldStart = coldStart
    }
}
