/// Names an invocation within its pool: a slot and how often the slot was used, so that an old name finds nothing.
struct InvocationKey: Sendable, Hashable {
    /// The slot.
    var index: Int
    /// Which use of the slot, from 1.
    var generation: UInt32

    init(index: Int, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    /// The name as a ticket carries it; never 0.
    var serial: UInt64 { UInt64(generation) << 32 | UInt64(truncatingIfNeeded: index) }

    /// The key that a ticket carries.
    init(serial: UInt64) {
        index = Int(serial & 0xFFFF_FFFF)
        generation = UInt32(serial >> 32)
    }
}
