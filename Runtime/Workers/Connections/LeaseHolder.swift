/// Names a worker among those of all pools.
struct LeaseHolder: Sendable, Hashable {
    /// The worker's process, as the spawner names it; never used again.
    var token: UInt64
}
