/// How long a pool waits before it starts a worker again after starts that failed: 100 ms, doubled up to 5 s.
///
/// The circuit breaker takes its place here later: it will decide by exits in a window.
struct RestartBackoff: Sendable, Equatable {
    /// The first pause.
    static let first: Duration = .milliseconds(100)
    /// The longest pause.
    static let longest: Duration = .seconds(5)
    /// From this many failures in a row on, requests are refused during a pause rather than held.
    static let patience = 3

    /// Failures since the last success.
    private(set) var failures = 0
    /// No start before this time; nil: at once.
    private(set) var until: Instant?

    /// A start failed, or a worker ended before it had done anything.
    mutating func failed(at now: Instant) {
        failures += 1
        var pause = RestartBackoff.first
        for _ in 1..<max(min(failures, 16), 1) { pause = min(pause * 2, RestartBackoff.longest) }
        until = now + pause
    }

    /// A worker answered.
    mutating func succeeded() {
        failures = 0
        until = nil
    }

    /// Whether a start is allowed.
    func permits(at now: Instant) -> Bool {
        guard let until else { return true }
        return now >= until
    }

    /// Whether requests are refused for now instead of waiting for the next start.
    func refuses(at now: Instant) -> Bool { failures >= RestartBackoff.patience && !permits(at: now) }

    /// What is left of the pause.
    func remaining(at now: Instant) -> Duration { until?.since(now) ?? .zero }
}
