import Manifests
import Testing

@testable import Gateway

@Suite("Buckets in memory")
struct MemoryRateStoreTests {
    private static let rule = GCRA(RateRule(limit: 10, per: .seconds(100)))
    private static let key = KeyedHash.Key(low: 1, high: 2)

    /// The hash of a number, so that tests have keys as spread as real ones.
    private static func hash(_ number: UInt64) -> UInt64 {
        var hash = KeyedHash(key)
        hash.add(number)
        return hash.value()
    }

    private static func take(_ store: MemoryRateStore, _ key: UInt64, _ rule: GCRA, at now: UInt64) -> GCRA.Verdict {
        take(store, [(key, rule)], at: now)[0]
    }

    private static func take(
        _ store: MemoryRateStore, _ buckets: [(UInt64, GCRA)], at now: UInt64
    ) -> [GCRA.Verdict] {
        var charges = buckets.map { RateCharge(key: $0.0, bucket: $0.1) }
        let isAllowed = charges.withUnsafeMutableBufferPointer { store.take($0, at: now) }
        #expect(isAllowed == charges.allSatisfy(\.verdict.isAllowed))
        return charges.map(\.verdict)
    }

    @Test("keys have buckets of their own")
    func apart() {
        let store = MemoryRateStore(hashKey: Self.key)
        for left in (0..<10).reversed() {
            for key in 0..<100 as Range<UInt64> {
                #expect(Self.take(store, Self.hash(key), Self.rule, at: 5).remaining == UInt32(left))
            }
        }
        #expect(!Self.take(store, Self.hash(3), Self.rule, at: 5).isAllowed)
        #expect(Self.take(store, Self.hash(100), Self.rule, at: 5).remaining == 9)
        #expect(store.evictions == 0)
    }

    @Test("a key whose hash is zero is a key like others")
    func zero() {
        let store = MemoryRateStore(hashKey: Self.key)
        for left in (0..<10).reversed() {
            #expect(Self.take(store, 0, Self.rule, at: 5).remaining == UInt32(left))
        }
        #expect(!Self.take(store, 0, Self.rule, at: 5).isAllowed)
    }

    @Test("a million distinct keys stay under 50 MB, and none that waits is forgotten on the way")
    func flood() {
        let store = MemoryRateStore(hashKey: Self.key)
        #expect(store.bytes < 1 << 20)
        for _ in 0..<10 { _ = Self.take(store, Self.hash(0), Self.rule, at: 5) }
        for key in 1...1_000_000 as ClosedRange<UInt64> { _ = Self.take(store, Self.hash(key), Self.rule, at: 5 + key) }
        #expect(store.bytes < 50_000_000)
        #expect(store.bytes == 32 << 20)
        #expect(!Self.take(store, Self.hash(0), Self.rule, at: 2_000_000).isAllowed)
        // At half the room and sets of eight, hardly any set has more than eight.
        #expect(store.evictions < 20_000)
    }

    @Test("in a full table keys used once push out each other and not the exhausted ones")
    func eviction() {
        let store = MemoryRateStore(hashKey: Self.key, capacity: 4096)
        let exhausted = (0..<100 as Range<UInt64>).map(Self.hash)
        for key in exhausted { for _ in 0..<10 { _ = Self.take(store, key, Self.rule, at: 5) } }
        for key in 1_000...200_000 as ClosedRange<UInt64> {
            _ = Self.take(store, Self.hash(key), Self.rule, at: 5 + key)
        }
        #expect(store.bytes == 4096 * 16)
        #expect(store.evictions > 100_000)
        for key in exhausted { #expect(!Self.take(store, key, Self.rule, at: 1_000_000).isAllowed) }
    }

    @Test("buckets that are full again make room, and the table does not grow for them")
    func expiry() {
        let store = MemoryRateStore(hashKey: Self.key)
        var now: UInt64 = 0
        for round in 0..<50 as Range<UInt64> {
            now += 101_000_000_000
            for key in 0..<50 as Range<UInt64> {
                _ = Self.take(store, Self.hash(round << 32 | key), Self.rule, at: now)
            }
        }
        #expect(store.bytes < 256 << 10)
        #expect(store.evictions == 0)
    }

    @Test("of several buckets one that refuses leaves the others as they were, and says how they are")
    func several() {
        let store = MemoryRateStore(hashKey: Self.key)
        let small = GCRA(RateRule(limit: 1, per: .seconds(60)))
        let (first, second, third) = (Self.hash(1), Self.hash(2), Self.hash(3))
        let buckets = [(first, Self.rule), (second, small), (third, Self.rule)]
        #expect(Self.take(store, buckets, at: 5).map(\.remaining) == [9, 0, 9])
        for _ in 0..<20 {
            let verdicts = Self.take(store, buckets, at: 5)
            #expect(verdicts.map(\.isAllowed) == [true, false, true])
            #expect(verdicts.map(\.remaining) == [9, 0, 9])
            #expect(verdicts.map(\.seconds) == [10, 60, 10])
        }
        #expect(Self.take(store, first, Self.rule, at: 5).remaining == 8)
    }

    @Test("many threads together take no more than there is")
    func concurrent() async {
        let store = MemoryRateStore(hashKey: Self.key)
        let rule = GCRA(RateRule(limit: 1000, per: .seconds(3600)))
        let passed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<500).count { _ in Self.take(store, Self.hash(7), rule, at: 5).isAllowed }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(passed == 1000)
    }
}
