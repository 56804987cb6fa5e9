/// Names a worker within its pool.
struct WorkerKey: Sendable, Hashable {
    /// Its slot, used again after its end.
    var index: Int
    /// Its number since the pool was made, from 1; never used again.
    var number: Int
}
