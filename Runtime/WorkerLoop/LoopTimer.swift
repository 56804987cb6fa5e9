/// Names one scheduled callback of a `WorkerLoop`, to cancel it.
public struct LoopTimer: Hashable, Sendable {
    /// A slot and its generation, or, with the highest bit set, a number given outside the loop's thread.
    let rawValue: UInt64

    static let remoteBit: UInt64 = 1 << 63

    var isRemote: Bool { rawValue & Self.remoteBit != 0 }
}
