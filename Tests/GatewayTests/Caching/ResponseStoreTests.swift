import Testing
import WireProtocol

@testable import Gateway

@Suite("Kept answers")
struct ResponseStoreTests {
    private static let epoch = CacheEpoch()

    private static func key(_ number: Int, bytes: Int = 40) -> CacheKey {
        var key = [UInt8](repeating: 0, count: bytes)
        withUnsafeBytes(of: number) { key.replaceSubrange(0..<8, with: $0) }
        return CacheKey(bytes: key, hash: UInt64(number), resource: 0, function: epoch)
    }
    private static func answer(_ bytes: Int, headers: HeaderList = [:], lifetime: UInt64 = 100) -> CachedResponse {
        CachedResponse(
            status: .ok, headers: headers, body: [UInt8](repeating: 1, count: bytes), storedAt: 0, lifetime: lifetime)
    }
    private static func keep(
        _ store: inout ResponseStore, _ answer: CachedResponse, _ key: CacheKey, _ stamp: CacheStamp
    ) -> Bool {
        store.store(answer, key, stamp)
    }
    private static func isThere(_ store: inout ResponseStore, _ number: Int, at now: UInt64 = 1) -> Bool {
        if case .answer = store.find(key(number), CacheStamp(), now: now) { return true }
        return false
    }

    @Test("what was not asked for longest goes first")
    func order() {
        let cost = Self.answer(1000).cost + 40 + 224
        var store = ResponseStore(capacity: cost * 3 + 200, limit: 10_000)
        for number in 1...3 { #expect(Self.keep(&store, Self.answer(1000), Self.key(number), CacheStamp())) }
        #expect(Self.isThere(&store, 1))
        #expect(Self.keep(&store, Self.answer(1000), Self.key(4), CacheStamp()))
        #expect([1, 2, 3, 4].map { Self.isThere(&store, $0) } == [true, false, true, true])
        #expect(Self.keep(&store, Self.answer(1000), Self.key(5), CacheStamp()))
        #expect([1, 3, 4, 5].map { Self.isThere(&store, $0) } == [false, true, true, true])
        #expect(store.count == 3)
    }

    @Test("an answer is fresh for its lifetime and gone with it")
    func fresh() {
        var store = ResponseStore(capacity: 10_000, limit: 10_000)
        #expect(Self.keep(&store, Self.answer(1), Self.key(1), CacheStamp()))
        #expect(Self.isThere(&store, 1, at: 99))
        #expect(!Self.isThere(&store, 1, at: 100))
        #expect(store.count == 0 && store.bytes == 0)
    }

    @Test("bytes never pass the limit, whatever is stored, and none are lost count of")
    func bounded() {
        var random = SplitMix(seed: 2)
        var store = ResponseStore(capacity: 100_000, limit: 20_000)
        for round in 0..<50_000 {
            let number = Int.random(in: 0..<400, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0...2:
                let size = Int.random(in: 0..<25_000, using: &random)
                let kept = Self.keep(
                    &store, Self.answer(size, lifetime: UInt64(round + 500)), Self.key(number), CacheStamp())
                #expect(kept == (Self.isThere(&store, number, at: UInt64(round))))
            case 3: store.refuse(Self.key(number), CacheStamp(), until: UInt64(round + 50))
            default: _ = store.find(Self.key(number), CacheStamp(), now: UInt64(round))
            }
            #expect(store.bytes <= 100_000 && store.bytes >= 0)
        }
        for number in 0..<400 { _ = store.find(Self.key(number), CacheStamp(function: 1), now: 0) }
        #expect(store.bytes == 0 && store.count == 0)
    }

    @Test("fields and keys count as bodies do")
    func accounting() {
        var store = ResponseStore(capacity: 1 << 20, limit: 1 << 20)
        #expect(Self.keep(&store, Self.answer(0), Self.key(1), CacheStamp()))
        let bare = store.bytes
        store.removeAll()
        #expect(store.bytes == 0)
        #expect(
            Self.keep(
                &store, Self.answer(0, headers: ["a": String(repeating: "x", count: 5000)]), Self.key(1), CacheStamp()))
        #expect(store.bytes >= bare + 5000)
        let before = store.bytes
        #expect(Self.keep(&store, Self.answer(0), Self.key(2, bytes: 3000), CacheStamp()))
        #expect(store.bytes - before >= bare + 2900)
    }

    @Test("one that is too large is not kept, and the older one is gone")
    func large() {
        var store = ResponseStore(capacity: 100_000, limit: 5000)
        #expect(Self.keep(&store, Self.answer(10), Self.key(1), CacheStamp()))
        #expect(!Self.keep(&store, Self.answer(5000), Self.key(1), CacheStamp()))
        #expect(!Self.isThere(&store, 1))
        #expect(store.bytes == 0)
        var none = ResponseStore(capacity: 0, limit: 0)
        #expect(!Self.keep(&none, Self.answer(0), Self.key(1), CacheStamp()))
    }

    @Test("two keys with one hash never see each other's answers")
    func collision() {
        var store = ResponseStore(capacity: 100_000, limit: 5000)
        let mine = CacheKey(bytes: [1], hash: 9, resource: 0, function: Self.epoch)
        let other = CacheKey(bytes: [2], hash: 9, resource: 0, function: Self.epoch)
        #expect(Self.keep(&store, Self.answer(1), mine, CacheStamp()))
        guard case .nothing = store.find(other, CacheStamp(), now: 1) else {
            Issue.record("another key's answer")
            return
        }
        guard case .answer = store.find(mine, CacheStamp(), now: 1) else {
            Issue.record("the answer is gone")
            return
        }
    }

    @Test("an answer of another stamp is gone", arguments: [0, 1, 2])
    func stamps(part: Int) {
        var store = ResponseStore(capacity: 100_000, limit: 5000)
        #expect(Self.keep(&store, Self.answer(1), Self.key(1), CacheStamp()))
        let later = CacheStamp(function: part == 0 ? 1 : 0, resource: part == 1 ? 1 : 0, all: part == 2 ? 1 : 0)
        guard case .nothing = store.find(Self.key(1), later, now: 1) else {
            Issue.record("an answer that was dropped")
            return
        }
        #expect(store.count == 0)
    }
}
