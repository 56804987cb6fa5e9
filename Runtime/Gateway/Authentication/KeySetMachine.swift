import Manifests

/// When a key set is fetched from its issuer, and what tokens are told meanwhile. Times are nanoseconds of a clock that
/// never goes back.
///
/// The set is fetched at the start and again after nine tenths of the time that it is fresh. One fetch runs at a time.
/// After a failure the next comes after 1 s, 2 s, 4 s and so on up to 30 s, and the last good set serves until an hour
/// after it came. A key id that is not in the set causes a fetch, but not within 30 s of the last one caused so: tokens
/// with made-up ids cost the issuer two fetches a minute.
struct KeySetMachine {
    /// What the shell does.
    enum Action: Equatable {
        /// Fetch; the result comes back with this number.
        case fetch(UInt64)
        /// Ask again for these waiters, with `settle`.
        case settle([UInt64])
    }

    /// What a token is told.
    enum Answer: Sendable {
        /// One of these keys has signed it, if it is good.
        case keys([VerificationKey])
        /// There is no key for it.
        case refused(RefusalReason)
        /// Nobody can say: come again after so many seconds.
        case unavailable(retryAfter: Int)
        /// Wait for the fetch that runs.
        case wait
    }

    static let second: UInt64 = 1_000_000_000
    /// How long the last good set serves while its issuer is away.
    static let lastGood = 3600 * second
    /// The shortest time between two fetches for unknown key ids.
    static let unknownPause = 30 * second
    /// How long a token waits for a fetch.
    static let longestWait = 5 * second
    /// After how long a fetch that never ended is given up.
    static let longestFetch = 15 * second
    /// How many tokens may wait.
    static let mostWaiters = 1024

    /// The last good set, and when it came.
    private(set) var keys: KeySet?
    private var cameAt: UInt64 = 0
    /// When the next fetch is due.
    private(set) var due: UInt64 = 0
    /// The fetch that runs: its number and when it began. Ends with `finished`, or when it is given up.
    private var running: (number: UInt64, since: UInt64)?
    private var fetches: UInt64 = 0
    private var lastForUnknown: UInt64?
    /// How many fetches have failed since the last good one.
    private(set) var failures: UInt64 = 0
    /// Who waits, and until when; in order.
    private var waiters: [(id: UInt64, until: UInt64)] = []

    /// Whether a fetch runs.
    var isFetching: Bool { running != nil }

    /// Whether the set may be used: it is not older than `lastGood`.
    func isUsable(at now: UInt64) -> Bool { keys != nil && Self.passed(since: cameAt, now) < Self.lastGood }

    /// Time has passed, or the service begins.
    mutating func tick(at now: UInt64) -> [Action] {
        var actions: [Action] = []
        if let fetch = running, Self.passed(since: fetch.since, now) >= Self.longestFetch {
            running = nil
            fail(at: now)
        }
        if running == nil, now >= due { actions.append(begin(at: now)) }
        let late = waiters.filter { $0.until <= now }.map(\.id)
        if !late.isEmpty {
            waiters.removeAll { $0.until <= now }
            actions.append(.settle(late))
        }
        return actions
    }

    /// A fetch has ended: with a set and how long that is fresh, in seconds, or with nil. The result of a fetch that was
    /// given up is not looked at.
    mutating func finished(_ number: UInt64, _ set: KeySet?, freshSeconds: UInt64 = 600, at now: UInt64) -> [Action] {
        guard running?.number == number else { return [] }
        running = nil
        if let set {
            keys = set
            cameAt = now
            failures = 0
            due = now &+ freshSeconds * Self.second / 10 * 9
        } else {
            fail(at: now)
        }
        guard !waiters.isEmpty else { return [] }
        defer { waiters = [] }
        return [.settle(waiters.map(\.id))]
    }

    /// A token asks for its key. After `wait` the waiter is named in an action once.
    mutating func want(
        _ keyID: [UInt8]?, _ algorithm: JWTAlgorithm, waiter: UInt64, at now: UInt64
    ) -> (Answer, [Action]) {
        let answer = settle(keyID, algorithm, at: now)
        switch answer {
        case .keys, .wait: return (answer, [])
        case .refused(let reason):
            guard reason == .unknownKey else { return (answer, []) }
            if isFetching { return (wait(waiter, at: now), []) }
            if let last = lastForUnknown, Self.passed(since: last, now) < Self.unknownPause { return (answer, []) }
            lastForUnknown = now
        case .unavailable:
            if isFetching { return (wait(waiter, at: now), []) }
            // With a usable set this is an unknown key id while the issuer is away.
            if isUsable(at: now) {
                if let last = lastForUnknown, Self.passed(since: last, now) < Self.unknownPause { return (answer, []) }
                lastForUnknown = now
            } else if now < due {
                return (answer, [])
            }
        }
        let fetch = begin(at: now)
        return (wait(waiter, at: now), [fetch])
    }

    /// The answer by what is there now; never `wait`.
    func settle(_ keyID: [UInt8]?, _ algorithm: JWTAlgorithm, at now: UInt64) -> Answer {
        guard let keys, isUsable(at: now) else { return .unavailable(retryAfter: secondsToNext(now)) }
        switch keys.find(id: keyID, algorithm: algorithm) {
        case .keys(let found): return .keys(found)
        case .unsuited: return .refused(.algorithm)
        // The issuer may have a new key that could not be fetched: that is no reason to call the token bad.
        case .unknownID: return failures > 0 ? .unavailable(retryAfter: secondsToNext(now)) : .refused(.unknownKey)
        }
    }

    private mutating func wait(_ waiter: UInt64, at now: UInt64) -> Answer {
        guard waiters.count < Self.mostWaiters else { return .refused(.overloaded) }
        waiters.append((waiter, now &+ Self.longestWait))
        return .wait
    }

    private mutating func begin(at now: UInt64) -> Action {
        fetches &+= 1
        running = (fetches, now)
        return .fetch(fetches)
    }

    private mutating func fail(at now: UInt64) {
        due = now &+ min(1 << min(failures, 5), 30) * Self.second
        failures &+= 1
    }

    private func secondsToNext(_ now: UInt64) -> Int {
        due > now ? Int(clamping: (due - now + Self.second - 1) / Self.second) : 1
    }

    private static func passed(since start: UInt64, _ now: UInt64) -> UInt64 { now > start ? now - start : 0 }
}
