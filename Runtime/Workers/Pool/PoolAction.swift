import WireProtocol

/// What the pool's machine asks its shell to do, in order.
enum PoolAction: Sendable, Equatable {
    /// Start a process for this worker; its socket belongs to that loop.
    case spawn(WorkerKey, loop: Int)
    /// Write the invocation to the worker. It has so many milliseconds; `cold` if it waited for this worker's start.
    case dispatch(InvocationKey, to: WorkerKey, milliseconds: UInt32, cold: Bool)
    /// Tell the worker that nobody waits for the invocation any more.
    case cancel(InvocationKey, on: WorkerKey, CancelFrame.Reason)
    /// Ask the worker whether its loop turns.
    case ping(WorkerKey)
    /// Ask the worker to finish what it has and end.
    case drain(WorkerKey)
    /// SIGTERM, and SIGKILL to the whole group 2 s later.
    case terminate(WorkerKey)
    /// SIGKILL to the whole group, now.
    case kill(WorkerKey)
    /// The invocation has ended without a reply; tell its sink and forget it.
    case fail(InvocationKey, PoolFailure, worker: WorkerKey?)
    /// For the log: the invocation's worker is gone, and it goes elsewhere, once.
    case retried(InvocationKey, from: WorkerKey)
    /// For the log: the worker is ready and took so long.
    case started(WorkerKey, after: Duration)
    /// For the log: the worker could not start.
    case startFailed(WorkerKey, StartFailure)
    /// For the log: the worker ended unasked, with so many requests in its hands.
    case crashed(WorkerKey, holding: Int)
    /// For the log: the worker answers neither cancel nor ping.
    case stuck(WorkerKey)
    /// For the log: half of the worker's places are taken by so many cancelled invocations that go on beyond their
    /// deadlines; it is replaced.
    case clogged(WorkerKey, by: Int)
    /// The worker's slot is free again: its process and its link are gone.
    case gone(WorkerKey)
    /// Call `timer` at this time, or earlier. Replaces what was armed before.
    case arm(Instant)
    /// The pool was closed and its last worker is gone.
    case closed
}

/// Why a worker could not start.
enum StartFailure: Sendable, Equatable {
    /// There is no process: the executable, or the system, refused.
    case spawn
    /// It said so itself.
    case refused
    /// It ended before it was ready.
    case ended
    /// It was not ready in time.
    case tooSlow
    /// It broke the protocol.
    case protocolViolation
}
