/// What an exchange holds elsewhere until its answer is decided; most have nothing of the kind.
final class Holding {
    /// Others wait for the answer of this request.
    var lease: CacheLease?
    /// This request waits for another's answer.
    var wait: CacheWait?
    /// What the cache did, for `Cache-Status`; nil: it was not asked, or its answer says so itself.
    var cacheStatus: CacheStatus?
    /// The query without the parameters that do not count, where `cache.query` names those that do.
    var query: [UInt8]?
    /// The idempotency key that this request runs under.
    var claim: IdempotencyClaim?
}
