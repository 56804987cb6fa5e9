import Glibc

/// A point on Linux's monotonic clock (`CLOCK_MONOTONIC`): it never goes back and stands still while the
/// machine is suspended. Its zero is the boot, so a value means nothing in another machine or after a restart.
public struct LoopInstant: InstantProtocol, Sendable {
    /// Nanoseconds since the clock's zero.
    public var nanoseconds: UInt64

    /// A point so many nanoseconds after the clock's zero.
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The clock's time, read without a system call (vDSO).
    public static var now: LoopInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return LoopInstant(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// The point `duration` later; earlier than the clock's zero becomes zero, beyond its end its end.
    public func advanced(by duration: Duration) -> LoopInstant {
        let (seconds, attoseconds) = duration.components
        let fraction = attoseconds / 1_000_000_000
        let (whole, isTooFar) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if isTooFar { return LoopInstant(nanoseconds: seconds < 0 ? 0 : .max) }
        let (sum, overflowed) = whole.addingReportingOverflow(fraction)
        if overflowed { return LoopInstant(nanoseconds: whole < 0 ? 0 : .max) }
        if sum < 0 {
            let back = sum.magnitude
            return LoopInstant(nanoseconds: back > nanoseconds ? 0 : nanoseconds - back)
        }
        let (forward, isBeyond) = nanoseconds.addingReportingOverflow(UInt64(sum))
        return LoopInstant(nanoseconds: isBeyond ? .max : forward)
    }

    /// How long it is from here to `other`; negative when `other` is earlier.
    public func duration(to other: LoopInstant) -> Duration {
        other.nanoseconds >= nanoseconds
            ? .nanoseconds(Int64(clamping: other.nanoseconds - nanoseconds))
            : .nanoseconds(-Int64(clamping: nanoseconds - other.nanoseconds))
    }

    /// Whether the first point is the earlier one.
    public static func < (first: LoopInstant, second: LoopInstant) -> Bool {
        first.nanoseconds < second.nanoseconds
    }
}
