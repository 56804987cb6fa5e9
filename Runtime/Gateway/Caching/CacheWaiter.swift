import WireProtocol

/// A request that waits for another's answer.
///
/// Called once, from whatever thread ended the flight, with no lock held: what happens next belongs on the waiter's own
/// event loop.
protocol CacheWaiter: AnyObject, Sendable {
    func cacheAnswered(_ answer: CacheAnswer)
}

/// What one who waited is told.
enum CacheAnswer: Sendable {
    /// The answer.
    case answer(CachedResponse)
    /// The one who asked failed: ask the handler, and tell the lease how it went.
    case lead(CacheLease)
    /// Ask the handler; the answer is not kept.
    case alone
    /// The one who asked failed like this, and there is no time left to ask anew.
    case failed(APIError)
}

/// What a request finds in the cache.
enum CacheJoining: Sendable {
    /// A fresh answer.
    case hit(CachedResponse)
    /// Ask the handler, and tell the lease how it went.
    case lead(CacheLease)
    /// Another asks: the waiter will be called.
    case wait(CacheWait)
    /// Ask the handler; the answer is not kept.
    case alone
}

/// Names one who waits, for `ResponseCache.leave`.
struct CacheWait: Sendable {
    let hash: UInt64
    let flight: SingleFlight.FlightID
    let waiter: SingleFlight.WaiterID
}
