import Manifests
import Synchronization

/// The gateway's shared cache (RFC 9111): one for the process, over all functions, loops and generations.
///
/// Parts of its own lock each, chosen by the key's hash, hold answers and flights; a drop touches no lock at all: it moves
/// an epoch on, and what is older is found no more and goes when its place is wanted.
final class ResponseCache: Sendable {
    /// For so long after an answer that could not be kept nobody waits for another; nanoseconds.
    static let refusal: UInt64 = 10_000_000_000

    struct Part: ~Copyable {
        var store: ResponseStore
        var flights = SingleFlight()
        var waiters: [SingleFlight.WaiterID: any CacheWaiter] = [:]
    }
    private final class Shard: Sendable {
        let part: Mutex<Part>
        init(_ store: ResponseStore) { part = Mutex(Part(store: store)) }
    }

    let resources: ResourceEpochs
    private let doubts = ResourceDoubts()
    let hashKey: HashKey
    private let all = CacheEpoch()
    private let functions = Mutex<[FunctionName: CacheEpoch]>([:])
    private let shards: [Shard]

    /// An empty cache.
    ///
    /// - Parameters:
    ///   - capacity: the most bytes, keys, fields and bodies together; default 64 MiB.
    ///   - shards: how many parts; each has its share of the bytes, and one answer at most an eighth of that, at most
    ///     1 MiB. Default 8.
    ///   - hashKey: by default another one in every process.
    init(capacity: Int = 64 << 20, shards: Int = 8, hashKey: HashKey = HashKey()) {
        let share = max(0, capacity) / max(1, shards)
        self.shards = (0..<max(1, shards)).map { _ in
            Shard(ResponseStore(capacity: share, limit: min(share / 8, 1 << 20)))
        }
        self.hashKey = hashKey
        resources = ResourceEpochs(key: HashKey(hashKey.second, ~hashKey.first))
    }

    /// The epoch of a function, the same one in every generation that has a function of this name.
    func epoch(of function: FunctionName) -> CacheEpoch {
        functions.withLock { functions in
            if let known = functions[function] { return known }
            let new = CacheEpoch()
            functions[function] = new
            return new
        }
    }

    // MARK: Looking up

    /// The fresh answer for a key; nil where there is none. Who then wants to ask the handler calls `join`.
    func find(_ key: borrowing CacheKey, now: UInt64) -> CachedResponse? {
        let stamp = stamp(key)
        let finding = shard(key.hash).part.withLock { $0.store.find(key, stamp, now: now) }
        if case .answer(let answer) = finding { return answer }
        return nil
    }

    /// The fresh answer, or what to do for want of one.
    ///
    /// - Parameters:
    ///   - waiter: is called where the outcome is `wait`, and not in any other case.
    ///   - patience: how long the request may wait and still ask anew when a leader fails; nanoseconds. Beyond it, it is
    ///     told of the failure. It is never told anything earlier than that leader ends.
    func join(_ key: CacheKey, waiter: any CacheWaiter, patience: UInt64, now: UInt64) -> CacheJoining {
        let stamp = stamp(key)
        let (until, isOver) = now.addingReportingOverflow(patience)
        return shard(key.hash).part.withLock { part in
            switch part.store.find(key, stamp, now: now) {
            case .answer(let answer): return .hit(answer)
            case .refused: return .alone
            case .nothing: break
            }
            switch part.flights.join(key, stamp, until: isOver ? .max : until) {
            case .lead(let flight): return .lead(CacheLease(self, key, flight, stamp, asked: now))
            case .wait(let flight, let id):
                part.waiters[id] = waiter
                return .wait(CacheWait(hash: key.hash, flight: flight, waiter: id))
            case .alone: return .alone
            }
        }
    }

    /// The waiter's client is gone. It may have been called already, and a lease may be on its way to it: that one is to
    /// be abandoned.
    func leave(_ wait: CacheWait) {
        // Held until the lock is free again: what goes with it may be the last use of anything.
        let waiter = shard(wait.hash).part.withLock { part -> (any CacheWaiter)? in
            guard part.flights.leave(wait.waiter, wait.flight) else { return nil }
            return part.waiters.removeValue(forKey: wait.waiter)
        }
        _ = consume waiter
    }

    // MARK: Dropping

    /// Drops what is kept of a resource, whatever the query, the version and the function.
    ///
    /// - Parameter resource: the normalised path behind prefix and version, without the slash before it.
    func drop(resource: ArraySlice<UInt8>) { resources.advance(at: place(of: resource)) }

    /// Drops what is kept of a resource, and keeps nothing of it that is asked before a time, in nanoseconds: a handler
    /// may still change it.
    func doubt(resource: ArraySlice<UInt8>, until time: UInt64) {
        let place = place(of: resource)
        doubts.add(place, until: time)
        resources.advance(at: place)
    }

    private func place(of resource: ArraySlice<UInt8>) -> Int {
        resource.withUnsafeBytes { resources.place(of: $0) }
    }

    /// Drops all that is kept of a function.
    func drop(_ function: FunctionName) { epoch(of: function).advance() }

    /// Drops everything, and frees its memory.
    func dropAll() {
        all.advance()
        for shard in shards { shard.part.withLock { $0.store.removeAll() } }
    }

    // MARK: For the status

    /// Bytes that are held, and how many answers.
    var size: (bytes: Int, answers: Int) {
        var size = (bytes: 0, answers: 0)
        for shard in shards {
            shard.part.withLock { part in
                size.bytes += part.store.bytes
                size.answers += part.store.count
            }
        }
        return size
    }

    /// How many flights are under way.
    var flights: Int { shards.reduce(0) { $0 + $1.part.withLock { $0.flights.count } } }

    // MARK: Inside

    /// Ends a lease's flight. Whether the answer was kept.
    @discardableResult
    func end(
        _ lease: CacheLease, _ ending: SingleFlight.Ending, _ answer: CachedResponse?, _ failure: CacheAnswer? = nil,
        now: UInt64
    ) -> Bool {
        let key = lease.key
        let stamp = stamp(key)
        let (kept, calls) = shard(key.hash).part.withLock { part -> (Bool, [(any CacheWaiter, CacheAnswer)]) in
            var kept = false
            // What a write has overtaken, or may have, is given to those who came before the write, and not kept.
            if stamp == lease.stamp, !isDoubtful(lease) {
                if let answer {
                    kept = part.store.store(answer, key, stamp)
                } else if ending == .refused {
                    part.store.refuse(key, stamp, until: now &+ Self.refusal)
                }
            }
            let release = part.flights.end(lease.flight, ending, stamp, now: now)
            var calls: [(any CacheWaiter, CacheAnswer)] = []
            if let leader = release.leader, let waiter = part.waiters.removeValue(forKey: leader) {
                calls.append((waiter, .lead(CacheLease(self, key, lease.flight, stamp, asked: now))))
            }
            for id in release.released {
                guard let waiter = part.waiters.removeValue(forKey: id) else { continue }
                calls.append((waiter, answer.map { .answer($0) } ?? failure ?? .alone))
            }
            return (kept, calls)
        }
        for (waiter, answer) in calls { waiter.cacheAnswered(answer) }
        return kept
    }

    /// Whether a handler that nobody waits for may have changed what this lease's was asked, since it was asked.
    private func isDoubtful(_ lease: CacheLease) -> Bool {
        lease.asked < lease.key.function.doubtfulUntil || doubts.holds(lease.key.resource, after: lease.asked)
    }

    private func stamp(_ key: borrowing CacheKey) -> CacheStamp {
        CacheStamp(function: key.function.value, resource: resources.value(at: key.resource), all: all.value)
    }

    @inline(__always)
    private func shard(_ hash: UInt64) -> Shard {
        // The high bits: the table inside takes the others.
        shards[Int(truncatingIfNeeded: hash >> 32) & 0x7FFF_FFFF % shards.count]
    }
}
