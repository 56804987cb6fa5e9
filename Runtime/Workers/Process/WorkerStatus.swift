/// A worker at one moment, for `/status`.
public struct WorkerStatus: Sendable, Equatable {
    /// Where a worker is in its life.
    public enum State: String, Sendable, CaseIterable {
        /// Being spawned, or not READY yet.
        case starting
        /// Takes requests; holds none.
        case ready
        /// Takes requests; holds some.
        case busy
        /// Finishes what it has, gets nothing new.
        case draining
        /// Answers neither cancel nor ping.
        case stuck
        /// Is being ended.
        case ending
    }

    /// Its number within the pool, from 1.
    public var number: Int
    /// Its process id; 0 while there is none.
    public var pid: Int32
    /// Where it is in its life.
    public var state: State
    /// Its event loop.
    public var loop: Int
    /// Invocations that it has not answered.
    public var inFlight: Int
    /// Requests answered, by its own count when it was asked last.
    public var handled: UInt64
}
