/// A point of the monotonic clock, in nanoseconds; comes into a machine from outside.
struct Instant: Sendable, Hashable, Comparable {
    /// Nanoseconds since an arbitrary start.
    var nanoseconds: UInt64

    static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The instant this much later; stays at the end of time rather than wrap around.
    static func + (left: Instant, right: Duration) -> Instant {
        left.advanced(nanoseconds: right.nanoseconds)
    }

    /// How much later this instant is; zero when it is earlier.
    func since(_ earlier: Instant) -> Duration { .nanoseconds(Int64(clamping: nanoseconds(since: earlier))) }

    // `Duration` counts in 128 bits, and each way into it and out of it divides by a billion: these are for what is done
    // for each request.

    /// The instant so many nanoseconds later; stays at the end of time rather than wrap around.
    func advanced(nanoseconds more: UInt64) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(more)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// How many nanoseconds later this instant is; 0 when it is earlier.
    func nanoseconds(since earlier: Instant) -> UInt64 {
        nanoseconds >= earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    /// As `nanoseconds(since:)` in whole milliseconds, rounded up, for the wire.
    func milliseconds(since earlier: Instant) -> UInt32 {
        let whole = nanoseconds(since: earlier)
        return UInt32(clamping: whole / 1_000_000 + (whole % 1_000_000 == 0 ? 0 : 1))
    }
}

extension Duration {
    /// Whole nanoseconds; zero for a negative duration, the largest number for one past 584 years.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole &+ UInt64(attoseconds / 1_000_000_000)
    }

    /// Whole milliseconds, rounded up, for the wire.
    var wireMilliseconds: UInt32 {
        let whole = nanoseconds
        return UInt32(clamping: whole / 1_000_000 + (whole % 1_000_000 == 0 ? 0 : 1))
    }

    /// Whole seconds for `Retry-After`, rounded up; 1 at least.
    var retryAfterSeconds: Int {
        let whole = nanoseconds
        return Int(clamping: Swift.max(whole / 1_000_000_000 + (whole % 1_000_000_000 == 0 ? 0 : 1), 1))
    }
}
