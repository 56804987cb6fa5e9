import Glibc

/// What the signals mean to a server that serves.
struct SignalRules {
    enum Action: Equatable {
        /// Finish what is in flight, then stop.
        case drain
        /// Wait for nothing any more.
        case cut
        /// Say that a changed manifest is not applied.
        case warn
        /// Go on.
        case ignore
    }

    private enum State {
        /// Left for `draining` by the first signal to stop.
        case serving
        /// Left for `cutting` by another signal to stop that comes late enough.
        case draining(since: ContinuousClock.Instant)
        /// For good.
        case cutting
    }

    /// A terminal signals all its processes, and a supervisor all of its own, while a program between passes on what it
    /// got: what comes so soon after the first signal is the same wish.
    static let echo = Duration.milliseconds(500)

    /// Whether SIGHUP is a signal to stop.
    let hangUpStops: Bool
    private var state = State.serving

    init(hangUpStops: Bool) { self.hangUpStops = hangUpStops }

    /// A signal came.
    mutating func action(for signal: Int32, at now: ContinuousClock.Instant) -> Action {
        if signal == SIGHUP && !hangUpStops { return .warn }
        switch state {
        case .serving:
            state = .draining(since: now)
            return .drain
        case .draining(let start):
            guard start.duration(to: now) >= Self.echo else { return .ignore }
            state = .cutting
            return .cut
        case .cutting: return .ignore
        }
    }
}
