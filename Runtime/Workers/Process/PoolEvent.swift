import WireProtocol

/// What happens to workers that somebody may want to log or to count.
public enum PoolEvent: Sendable, Equatable {
    /// A worker is ready; from the decision to start it, it took so long. A cold start.
    case started(WorkerIdentity, after: Duration)
    /// No memory could be shared with a worker, and why: its long bodies go by the socket.
    case memoryRefused(WorkerIdentity, reason: String)
    /// A worker could not start: why in words, how its process ended if it did by then, and the last that it wrote.
    case startFailed(WorkerIdentity, reason: String, exit: ProcessExit?, output: String)
    /// A worker ended unasked, with so many requests in its hands; at most the last 4 KiB that it wrote.
    case crashed(WorkerIdentity, exit: ProcessExit, holding: Int, output: String)
    /// A GET or HEAD whose worker is lost is tried once more.
    case retried(RequestID, WorkerIdentity)
    /// A worker broke the wire protocol and is ended.
    case protocolViolation(WorkerIdentity, String)
    /// A worker answers neither cancel nor ping.
    case stuck(WorkerIdentity)
    /// Half of a worker's places are taken by so many cancelled requests that go on beyond their deadlines; it is
    /// replaced.
    case clogged(WorkerIdentity, by: Int)
    /// A worker ended because it was asked to.
    case stopped(WorkerIdentity, exit: ProcessExit)
}
