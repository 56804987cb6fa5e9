import Manifests
import Synchronization
import WireProtocol

@testable import Gateway

/// A cache with a clock that stands until it is moved, and functions that use it.
final class CacheFixture {
    static let second: UInt64 = 1_000_000_000

    let cache: ResponseCache
    var now: UInt64 = 1000 * second

    init(capacity: Int = 64 << 20, shards: Int = 8) {
        cache = ResponseCache(capacity: capacity, shards: shards, hashKey: HashKey(17, 4))
    }

    static func settings(
        _ name: FunctionName = "ListUsers", for lifetime: Duration = .seconds(30),
        vary: [CacheSettings.Variant] = [], query: [String]? = nil, version: String = "v1",
        page: Manifests.PageSettings? = nil, clearedBy: [FunctionName] = []
    ) -> FunctionSettings {
        var settings = FunctionSettings(name: name, routes: [], version: version, auth: .none)
        settings.cache = CacheSettings(lifetime: lifetime, vary: vary, query: query, clearedBy: clearedBy)
        settings.page = page
        return settings
    }

    func policy(_ settings: FunctionSettings = settings(), revision: String = "") throws -> CachePolicy {
        guard let policy = CachePolicy(settings, in: cache, revision: revision) else { throw NoPolicy() }
        return policy
    }
    struct NoPolicy: Error {}

    /// The key of a request to `/api` and this path.
    func key(
        _ policy: CachePolicy, _ path: String = "users", query: String = "",
        caller: CallerIdentity = .anonymous, headers: HeaderList = [:]
    ) -> CacheKey {
        policy.key(
            path: Array("/api/\(path)".utf8), from: 5, query: Array(query.utf8), caller: caller, headers: headers)
    }

    func answer(_ body: String, lifetime: UInt64 = 30 * second) -> CachedResponse {
        CachedResponse(
            status: .ok, headers: ["etag": "\"\(body)\""], body: Array(body.utf8), storedAt: now,
            lifetime: lifetime)
    }

    /// What is found under a key.
    func found(_ key: CacheKey) -> String? {
        cache.find(key, now: now).map { String(decoding: $0.body, as: UTF8.self) }
    }

    /// Asks for a key; the waiter remembers what it is told.
    func join(_ key: CacheKey, _ waiter: FakeWaiter = FakeWaiter(), patience: UInt64 = 10) -> CacheJoining {
        cache.join(key, waiter: waiter, patience: patience * Self.second, now: now)
    }

    /// The lease of who comes first.
    func lead(_ key: CacheKey) throws -> CacheLease {
        guard case .lead(let lease) = join(key) else { throw NoPolicy() }
        return lease
    }

    func advance(_ seconds: Double) { now += UInt64(seconds * Double(Self.second)) }

    func store(_ key: CacheKey, _ body: String) throws -> Bool {
        try lead(key).store(answer(body), now: now)
    }
}

extension CacheJoining {
    /// In a word.
    var word: String {
        switch self {
        case .hit(let answer): "hit " + String(decoding: answer.body, as: UTF8.self)
        case .lead: "lead"
        case .wait: "wait"
        case .alone: "alone"
        }
    }
}

/// Remembers what it is told, in words, and the lease.
final class FakeWaiter: CacheWaiter {
    private let state = Mutex<(words: [String], lease: CacheLease?)>(([], nil))

    var words: [String] { state.withLock { $0.words } }
    /// Takes the lease over.
    func takeLease() -> CacheLease? {
        state.withLock { state in
            defer { state.lease = nil }
            return state.lease
        }
    }

    func cacheAnswered(_ answer: CacheAnswer) {
        state.withLock { state in
            switch answer {
            case .answer(let answer): state.words.append(String(decoding: answer.body, as: UTF8.self))
            case .lead(let lease):
                state.words.append("lead")
                state.lease = lease
            case .alone: state.words.append("alone")
            case .failed(let error): state.words.append(error.code)
            }
        }
    }
}
