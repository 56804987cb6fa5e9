/// What the pool's machine knows of one invocation.
struct RequestRecord: Sendable {
    enum Phase: Sendable, Equatable {
        /// No invocation. Exits: `waiting`, `running`.
        case free
        /// In the queue. Exits: `running` (a worker has room), `free` (waited too long, cancelled, no worker starts).
        case waiting
        /// Its worker is gone; waits before all others. Exits: `running`, `free` (deadline, cancelled, no worker starts).
        case returned
        /// With a worker. Exits: `free` (reply, worker gone), `abandoned` (deadline, cancelled), `returned` (worker gone
        /// or stuck).
        case running
        /// With a worker that has not answered yet; nobody waits. Exits: `free` (reply, worker gone).
        case abandoned
    }

    /// How often this slot was used.
    var generation: UInt32 = 0
    /// Where it is in its life.
    var phase = Phase.free
    /// Whether its worker has begun an answer whose body comes in parts; it has no deadline then.
    var hasBegun = false
    /// Whether it is abandoned and its time is over.
    var isOverdue = false
    /// Whether it may be tried again after a worker's death.
    var mayRetry = false
    /// The caller's event loop.
    var loop = 0
    /// The slot of its worker; -1 without.
    var worker = -1
    /// When it came.
    var since = Instant(nanoseconds: 0)
    /// When it has to be answered; meaningful from the first hand-over on.
    var deadline = Instant(nanoseconds: 0)
    /// Whether it was handed to a worker, so that the deadline holds.
    var hasDeadline = false
}
