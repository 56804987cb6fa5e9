import Synchronization

/// Buckets in this process's memory: at most two million of them, in 32 MiB, however many keys come.
///
/// 64 parts, each with a lock of its own, so that event loops rarely meet. A key that was never seen has a full bucket,
/// and a bucket that is full again is as good as forgotten; `RateShard` says what happens when there is no room.
/// `@unchecked Sendable`: the shards are behind their locks, their address never changes.
final class MemoryRateStore: RateStore, @unchecked Sendable {
    private static let shards = 64

    let hashKey: KeyedHash.Key
    private let shards: UnsafeMutablePointer<Mutex<RateShard>>

    /// - Parameters:
    ///   - hashKey: by default drawn from the system.
    ///   - capacity: slots at most; rounded up to a power of two, at least 512.
    init(hashKey: KeyedHash.Key = .random(), capacity: Int = 1 << 21) {
        self.hashKey = hashKey
        var largest: UInt64 = 1
        while largest << 9 < capacity, largest < 1 << 30 { largest <<= 1 }
        shards = .allocate(capacity: Self.shards)
        for index in 0..<Self.shards { (shards + index).initialize(to: Mutex(RateShard(largest: largest))) }
    }

    deinit {
        shards.deinitialize(count: Self.shards)
        shards.deallocate()
    }

    func take(_ charges: UnsafeMutableBufferPointer<RateCharge>, at now: UInt64) -> Bool {
        for index in 0..<charges.count {
            let (key, bucket) = (charges[index].key, charges[index].bucket)
            let verdict = shard(key).pointee.withLock { $0.take(key, bucket, at: now) }
            charges[index].verdict = verdict
            if !verdict.isAllowed {
                putBack(charges, refused: index, at: now)
                return false
            }
        }
        return true
    }

    /// The bytes that all slots take.
    var bytes: Int {
        (0..<Self.shards).reduce(0) { sum, index in sum + shards[index].withLock { $0.bytes } }
    }

    /// Buckets that were forgotten before they were full.
    var evictions: UInt64 {
        (0..<Self.shards).reduce(0) { sum, index in sum &+ shards[index].withLock { $0.evictions } }
    }

    /// One bucket refused: those before it get back what they gave, and those behind it are only looked at.
    @inline(never)
    private func putBack(_ charges: UnsafeMutableBufferPointer<RateCharge>, refused: Int, at now: UInt64) {
        for index in 0..<charges.count where index != refused {
            let (key, bucket) = (charges[index].key, charges[index].bucket)
            charges[index].verdict = shard(key).pointee.withLock { shard in
                if index < refused { shard.giveBack(key, bucket) }
                return shard.peek(key, bucket, at: now)
            }
        }
    }

    @inline(__always)
    private func shard(_ key: UInt64) -> UnsafeMutablePointer<Mutex<RateShard>> {
        shards + Int(key & UInt64(Self.shards - 1))
    }
}
