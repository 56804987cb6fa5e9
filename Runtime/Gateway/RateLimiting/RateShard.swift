/// A part of the buckets in memory: sets of eight slots, of which a key may be in any of its own set and nowhere else.
///
/// It begins small and doubles when a set is full of buckets that are not, up to `largest`. From then on a new key takes
/// the place of the bucket in its set that is full again soonest (a bucket that is full is no loss at all). That is
/// what makes a flood of keys useless for whoever wants an exhausted bucket forgotten: keys used once are full again
/// sooner than theirs and push out each other, and which keys share a set is the hash's secret. Pushing out a bucket
/// whose owner has still to wait takes about as many requests as there are sets, each by a key that must wait longer.
struct RateShard: ~Copyable {
    /// A bucket: the key's hash, and when it is full again in nanoseconds. One that was never used is full since 0.
    private struct Slot {
        var key: UInt64
        var full: UInt64
    }

    private static let width = 8

    private var slots: UnsafeMutablePointer<Slot>
    /// Sets, less one; their number is a power of two.
    private var mask: UInt64
    private let largest: UInt64
    /// Buckets that were forgotten before they were full.
    private(set) var evictions: UInt64 = 0
    // So that two shards' locks never lie in one line of the processor's cache.
    private let padding: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// - Parameter largest: sets at most, a power of two.
    init(largest: UInt64) {
        self.largest = largest - 1
        mask = min(largest, 8) - 1
        slots = Self.allocate(sets: mask + 1)
    }

    deinit { slots.deallocate() }

    /// The bytes that the slots take.
    var bytes: Int { Int(mask + 1) * Self.width * MemoryLayout<Slot>.stride }

    /// Takes one request from a key's bucket.
    @inline(__always)
    mutating func take(_ key: UInt64, _ bucket: GCRA, at now: UInt64) -> GCRA.Verdict {
        let set = self.set(key)
        var soonest = 0
        for index in 0..<Self.width {
            if set[index].key == key { return bucket.take(&set[index].full, at: now) }
            if set[index].full < set[soonest].full { soonest = index }
        }
        guard set[soonest].full > now else {
            // As good as empty: a full bucket says no more than none.
            set[soonest] = Slot(key: key, full: 0)
            return bucket.take(&set[soonest].full, at: now)
        }
        return makeRoom(for: key, bucket, at: now)
    }

    /// What a request to a key's bucket would be told.
    func peek(_ key: UInt64, _ bucket: GCRA, at now: UInt64) -> GCRA.Verdict {
        bucket.peek(find(key)?.pointee.full ?? 0, at: now)
    }

    /// Puts back what was taken from a key's bucket.
    mutating func giveBack(_ key: UInt64, _ bucket: GCRA) {
        guard let slot = find(key) else { return }
        slot.pointee.full = bucket.giveBack(slot.pointee.full)
    }

    private func find(_ key: UInt64) -> UnsafeMutablePointer<Slot>? {
        let set = self.set(key)
        for index in 0..<Self.width where set[index].key == key { return set + index }
        return nil
    }

    /// The low bits of a key choose the shard, those above them the set.
    @inline(__always)
    private func set(_ key: UInt64) -> UnsafeMutablePointer<Slot> {
        slots + Int((key >> 32) & mask) * Self.width
    }

    @inline(never)
    private mutating func makeRoom(for key: UInt64, _ bucket: GCRA, at now: UInt64) -> GCRA.Verdict {
        while mask < largest {
            double(at: now)
            let set = self.set(key)
            for index in 0..<Self.width where set[index].full <= now {
                set[index] = Slot(key: key, full: 0)
                return bucket.take(&set[index].full, at: now)
            }
        }
        evictions &+= 1
        let set = self.set(key)
        var soonest = 0
        for index in 1..<Self.width where set[index].full < set[soonest].full { soonest = index }
        set[soonest] = Slot(key: key, full: 0)
        return bucket.take(&set[soonest].full, at: now)
    }

    /// A set's buckets go to two sets, and no more than all eight to one of them.
    private mutating func double(at now: UInt64) {
        let old = slots
        let count = Int(mask + 1) * Self.width
        mask = mask << 1 | 1
        slots = Self.allocate(sets: mask + 1)
        for index in 0..<count where old[index].full > now {
            let set = self.set(old[index].key)
            for place in 0..<Self.width where set[place].full == 0 {
                set[place] = old[index]
                break
            }
        }
        old.deallocate()
    }

    private static func allocate(sets: UInt64) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: Int(sets) * width)
        slots.initialize(repeating: Slot(key: 0, full: 0), count: Int(sets) * width)
        return slots
    }
}
