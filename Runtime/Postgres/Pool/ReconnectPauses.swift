import WorkerLoop

/// When a pool tries again to reach a server that could not be reached.
///
/// For those who wait, after 20 ms, and after pauses that double up to 500 ms: so it is found within a second of being
/// back, and a server that is away costs two attempts a second. For the minimum alone, after 1 s, and after pauses that
/// double up to 30 s.
struct ReconnectPauses: Sendable, Equatable {
    static let firstTrial = Duration.milliseconds(20)
    static let longestTrial = Duration.milliseconds(500)
    static let firstRefill = Duration.seconds(1)
    static let longestRefill = Duration.seconds(30)

    /// Before this nothing is tried; nil when the last attempt succeeded, or none was made.
    private(set) var trial: LoopInstant?
    /// When the minimum is filled up; nil when it need not be.
    private(set) var refill: LoopInstant?
    private var trialPause = Duration.zero
    private var refillPause = Duration.zero

    /// Whether the last attempt failed: then one is made at a time.
    var isFailing: Bool { trial != nil }

    func mayTry(at now: LoopInstant) -> Bool {
        trial.map { $0 <= now } ?? true
    }

    mutating func succeeded() { self = ReconnectPauses() }

    /// An attempt failed; `isShort` when fewer than the minimum are left. Attempts made at the same time count as one.
    mutating func failed(isShort: Bool, at now: LoopInstant) {
        if let trial, trial > now { return }
        trialPause = trialPause == .zero ? Self.firstTrial : min(trialPause * 2, Self.longestTrial)
        trial = now.advanced(by: trialPause)
        guard isShort else { return }
        refillPause = refillPause == .zero ? Self.firstRefill : min(refillPause * 2, Self.longestRefill)
        refill = now.advanced(by: refillPause)
    }

    /// Whether the minimum is to be filled up now; true once.
    mutating func takeRefill(at now: LoopInstant) -> Bool {
        guard let due = refill, due <= now else { return false }
        refill = nil
        return true
    }

    mutating func forgetRefill() { refill = nil }
}
