import WorkerLoop

/// Decides after each attempt whether there is another one, and when. Events in, decisions out.
struct RetryMachine {
    /// How an attempt ended.
    enum Outcome: Equatable, Sendable {
        /// An answer came, which asks to be left alone for so long.
        case answered(status: Int, retryAfter: Duration?)
        /// None came. `isSent`: the server may have got something.
        case failed(HTTPClientError.Kind, isSent: Bool)
    }

    /// What is done now.
    enum Decision: Equatable, Sendable {
        /// What came is the caller's.
        case end
        /// The request is sent again after the pause.
        case retry(after: Duration)
    }

    let policy: RetryPolicy
    /// Whether the request may be sent twice.
    let mayBeRepeated: Bool
    /// When nobody waits for the answer any more.
    let deadline: LoopInstant
    private(set) var attempts = 0

    init(policy: RetryPolicy, mayBeRepeated: Bool, deadline: LoopInstant) {
        self.policy = policy
        self.mayBeRepeated = mayBeRepeated
        self.deadline = deadline
    }

    /// An attempt has ended. `hasBodyBegun`: a part of a streamed body has been asked for. `jitter`: from 0 to 1.
    mutating func ended(
        _ outcome: Outcome, hasBodyBegun: Bool, at now: LoopInstant, jitter: Double
    ) -> Decision {
        attempts += 1
        guard attempts < policy.attempts, !hasBodyBegun, isWorthIt(outcome) else { return .end }
        var pause = pause(jitter)
        if case .answered(_, let retryAfter?) = outcome {
            guard retryAfter <= policy.longestRetryAfter else { return .end }
            // A server that says "now" is not hammered either.
            pause = max(pause, retryAfter)
        }
        return now.advanced(by: pause) < deadline ? .retry(after: pause) : .end
    }

    private func isWorthIt(_ outcome: Outcome) -> Bool {
        switch outcome {
        case .answered(429, let retryAfter): mayBeRepeated && retryAfter != nil
        case .answered(let status, _): mayBeRepeated && [502, 503, 504].contains(status)
        case .failed(.connectionFailed, let isSent), .failed(.timedOut, let isSent): !isSent
        case .failed(.brokenOff, let isSent): mayBeRepeated || !isSent
        case .failed: false
        }
    }

    private func pause(_ jitter: Double) -> Duration {
        var pause = policy.firstDelay
        var doublings = attempts - 1
        while doublings > 0, pause < policy.longestDelay {
            pause = min(pause * 2, policy.longestDelay)
            doublings -= 1
        }
        return pause * (0.5 + 0.5 * min(1, max(0, jitter)))
    }
}
