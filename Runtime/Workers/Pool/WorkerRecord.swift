/// What the pool's machine knows of one worker.
struct WorkerRecord: Sendable {
    enum State: Sendable, Equatable {
        /// No worker. Exits: `starting`.
        case free
        /// Being spawned, or not READY yet. Exits: `serving` (READY), `ending` (exit, START_FAILED, too slow, garbage,
        /// the pool closes).
        case starting
        /// Takes requests, unless it is being probed. Exits: `draining` (idle too long, clogged, the pool closes), `stuck`
        /// (no answer to a probe), `ending` (exit, closed its link, broke the protocol).
        case serving
        /// Was asked to end; finishes what it has, gets nothing new. Exits: `ending` (link closed, or too slow).
        case draining
        /// Answers neither cancel nor ping; gets nothing new. Exits: `serving` (it answered after all), `draining` (so
        /// it did, when another worker had its place), `ending` (time is over, exit).
        case stuck
        /// Holds no request; its process or its link is not gone yet. Exits: `free` (both are gone).
        case ending
    }

    /// Its number since the pool was made; 0 before the first.
    var number = 0
    /// Where it is in its life.
    var state = State.free
    /// The event loop of its socket.
    var loop = 0
    /// Streams open on its link: invocations that run, and abandoned ones that it has not answered.
    var held = 0
    /// How many of those are abandoned ones.
    var abandoned = 0
    /// How many of those have passed their deadline.
    var overdue = 0
    /// Since when at least half of its places are taken by overdue ones.
    var cloggedSince: Instant?
    /// Whether a ping went out after a deadline and nothing has come back.
    var isProbed = false
    /// When this state needs a look: start timeout, probe, idleness, patience.
    var due: Instant?
    /// When its start was asked for.
    var since = Instant(nanoseconds: 0)
    /// When it was ready.
    var readyAt = Instant(nanoseconds: 0)
    /// Replies it gave.
    var answered: UInt64 = 0
    /// Whether its link is open.
    var hasLink = false
    /// Whether its process has not been reaped.
    var hasProcess = false
    /// Whether its end was asked for, so that it is no crash.
    var isExpected = false
    /// Whether its end was counted as a failed start.
    var isCounted = false
    /// Requests that were in its hands when its link closed, for the log.
    var lost = 0

    /// Whether new requests may go to it.
    var isOpen: Bool { state == .serving && !isProbed }
}
