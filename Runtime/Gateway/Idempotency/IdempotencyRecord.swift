/// What is known of a key: a request that runs, or the response of one that ended.
struct IdempotencyRecord: Sendable, Equatable {
    enum State: Sendable, Equatable {
        /// A request was handed on by the gateway process with this number. Leaves by `finish` (done), `release` (no
        /// record, or ending); when its process is gone, by its expiry.
        case running(owner: UInt64)
        /// The client has its answer, which is not kept, but the handler may still be at it. Leaves by its expiry.
        case ending
        /// The response that a repeated request gets. Leaves by its expiry.
        case done(StoredResponse)
    }

    /// What the first request asked for.
    var fingerprint: RequestFingerprint
    var state: State
    /// When it is forgotten, in milliseconds since 1970.
    var expires: UInt64
}

extension IdempotencyRecord {
    /// No process has this number: the outcome of what ran is not known any more.
    static let nobody: UInt64 = 0
    /// How long a key stays taken after an answer that may have come before the handler's end.
    static let longestEnding: UInt64 = 60_000

    /// What becomes of a request whose key has this record.
    ///
    /// | record | the same request | another one |
    /// |---|---|---|
    /// | none, or expired | run | run |
    /// | running, of this process (does not expire) | conflict: running | mismatch |
    /// | running, of a process that is gone | conflict: outcome unknown | mismatch |
    /// | ending | conflict: running | mismatch |
    /// | done | replay | mismatch |
    ///
    /// - Parameters:
    ///   - record: what is known; nil: nothing.
    ///   - fingerprint: what the request asks for.
    ///   - owner: the number of this gateway process.
    ///   - now: milliseconds since 1970.
    static func decision(
        _ record: IdempotencyRecord?, for fingerprint: RequestFingerprint, owner: UInt64, now: UInt64
    ) -> IdempotencyDecision {
        guard let record else { return .run }
        switch record.state {
        case .running(owner: owner): break
        // A clock that was put back must not hold a key for longer than one was ever meant to be held.
        case .ending where record.expires > now &+ longestEnding: return .run
        case .running, .ending, .done:
            if record.expires <= now { return .run }
        }
        guard record.fingerprint == fingerprint else { return .mismatch }
        switch record.state {
        case .running(owner: owner): return .running(retryAfterSeconds: 1)
        case .running: return .unknownOutcome
        case .ending: return .running(retryAfterSeconds: Int((record.expires - now + 999) / 1000))
        case .done(let response): return .replay(response)
        }
    }
}
