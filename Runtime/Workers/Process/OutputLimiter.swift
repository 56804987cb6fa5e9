/// How much of a worker's output goes to the log: bursts of 1,000 lines or 1 MiB, then 200 lines and 256 KiB a second.
struct OutputLimiter: Sendable {
    private static let lines = 1_000.0
    private static let linesPerSecond = 200.0
    private static let bytes = 1_048_576.0
    private static let bytesPerSecond = 262_144.0

    private var lineCredit = OutputLimiter.lines
    private var byteCredit = OutputLimiter.bytes
    private var last: Instant?
    private var dropped = 0

    /// How many lines were dropped since the last that went through.
    var pendingDrops: Int { dropped }

    /// Whether a line of `count` bytes goes through now: how many were dropped before it; nil when it is dropped too.
    mutating func admit(_ count: Int, at now: Instant) -> Int? {
        if let last {
            let seconds = Double(now.since(last).nanoseconds) / 1e9
            lineCredit = min(OutputLimiter.lines, lineCredit + seconds * OutputLimiter.linesPerSecond)
            byteCredit = min(OutputLimiter.bytes, byteCredit + seconds * OutputLimiter.bytesPerSecond)
        }
        last = now
        guard lineCredit >= 1, byteCredit >= Double(count) else {
            dropped += 1
            return nil
        }
        lineCredit -= 1
        byteCredit -= Double(count)
        let before = dropped
        dropped = 0
        return before
    }

    /// Takes the number of dropped lines out, at the end.
    mutating func takeDrops() -> Int {
        let before = dropped
        dropped = 0
        return before
    }
}
