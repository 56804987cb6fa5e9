import Dispatch
import Synchronization
import Testing
import WireProtocol

@testable import Gateway

@Suite("The cache from many threads")
struct ParallelCacheTests {
    /// Ends its lease as soon as it gets one, with the value that is true then.
    private final class Reader: CacheWaiter {
        let truth: Atomic<Int>
        let told = Atomic<Int>(0)
        init(_ start: Int) { truth = Atomic(start) }

        func cacheAnswered(_ answer: CacheAnswer) { told.wrappingAdd(1, ordering: .relaxed) }
    }

    @Test("nobody who comes after a write ever sees what was true before it")
    func readYourWrites() throws {
        let fixture = CacheFixture()
        let cache = fixture.cache
        let policy = try fixture.policy()
        let key = fixture.key(policy)
        let now = fixture.now
        let truth = Mutex(0)
        let faults = Atomic<Int>(0)
        let hits = Atomic<Int>(0)
        let calls = Reader(0)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for round in 0..<4000 {
                if thread == 0, round % 8 == 0 {
                    // A write: first the truth changes, then the handler answers and the cache is cleared.
                    truth.withLock { $0 += 1 }
                    cache.drop("ListUsers")
                    continue
                }
                // What is cleared for sure when the request comes: the truth may be one ahead of the drop.
                let known = truth.withLock { $0 } - 1
                func check(_ answer: CachedResponse) {
                    let value = Int(String(decoding: answer.body, as: UTF8.self)) ?? -1
                    if value < known { faults.wrappingAdd(1, ordering: .relaxed) }
                }
                switch cache.join(key, waiter: calls, patience: 0, now: now) {
                case .hit(let answer):
                    hits.wrappingAdd(1, ordering: .relaxed)
                    check(answer)
                case .lead(let lease):
                    let value = truth.withLock { $0 }
                    let answer = CachedResponse(
                        status: .ok, headers: [:], body: Array("\(value)".utf8), storedAt: now, lifetime: 1 << 40)
                    _ = lease.store(answer, now: now)
                case .wait, .alone: break
                }
            }
        }
        #expect(faults.load(ordering: .relaxed) == 0)
        #expect(hits.load(ordering: .relaxed) > 0)
        #expect(cache.flights == 0)
    }
}
