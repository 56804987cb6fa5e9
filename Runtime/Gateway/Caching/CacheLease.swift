import Synchronization

/// The task of asking the handler for those who wait, too. Ends once, by the first of its three calls; one that is let go
/// without any is abandoned, so that nobody waits for ever.
final class CacheLease: Sendable {
    let key: CacheKey
    let flight: SingleFlight.FlightID
    /// When the handler was asked, in epochs.
    let stamp: CacheStamp
    /// The same in nanoseconds.
    let asked: UInt64
    private let cache: ResponseCache
    private let isOver = Atomic<Bool>(false)

    init(
        _ cache: ResponseCache, _ key: CacheKey, _ flight: SingleFlight.FlightID, _ stamp: CacheStamp, asked: UInt64
    ) {
        self.cache = cache
        self.key = key
        self.flight = flight
        self.stamp = stamp
        self.asked = asked
    }

    deinit {
        if end() { cache.end(self, .left, nil, now: 0) }
    }

    /// The handler answered with what may be kept. Whether it was kept: not where it is too large, or a write was faster.
    func store(_ answer: CachedResponse, now: UInt64) -> Bool {
        end() && cache.end(self, .answered, answer, now: now)
    }

    /// The handler answered with what may not be kept: for some seconds each request asks for itself.
    func refuse(now: UInt64) {
        if end() { cache.end(self, .refused, nil, now: now) }
    }

    /// There is no answer to keep: an error of 5xx, a timeout, nobody there to hear it.
    ///
    /// - Parameter failure: what those are told who have waited for as long as they can; nil: there is nothing to tell, and
    ///   the first of them leads on.
    func abandon(_ failure: CacheAnswer? = nil, now: UInt64) {
        if end() { cache.end(self, failure == nil ? .left : .failed, nil, failure, now: now) }
    }

    private func end() -> Bool { !isOver.exchange(true, ordering: .acquiringAndReleasing) }
}
