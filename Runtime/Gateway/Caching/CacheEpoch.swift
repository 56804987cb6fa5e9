import Synchronization

/// A count that goes up when everything kept for one function is to be dropped; an answer of an older epoch is gone.
final class CacheEpoch: Sendable {
    private let count = Atomic<UInt32>(0)

    var value: UInt32 { count.load(ordering: .acquiring) }

    func advance() { count.wrappingAdd(1, ordering: .releasing) }
}
