import Synchronization

/// A count that goes up when everything kept for one function is to be dropped; an answer of an older epoch is gone.
final class CacheEpoch: Sendable {
    private let count = Atomic<UInt32>(0)
    private let doubt = Atomic<UInt64>(0)

    var value: UInt32 { count.load(ordering: .acquiring) }

    /// Until when what a handler is asked may be out of date by the time it answers, in nanoseconds; 0: never was.
    var doubtfulUntil: UInt64 { doubt.load(ordering: .acquiring) }

    func advance() { count.wrappingAdd(1, ordering: .releasing) }

    /// Drops everything, and what is asked before `time` is not kept: a handler that nobody waits for any more may still
    /// change what there is.
    func doubt(until time: UInt64) {
        doubt.max(time, ordering: .acquiringAndReleasing)
        advance()
    }
}
