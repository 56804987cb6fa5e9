import Glibc

/// The two clocks that the gateway reads; tests put their own in.
public struct GatewayClock: Sendable {
    /// The time of day, in milliseconds since 1970-01-01T00:00:00Z; for ids, envelopes and logs.
    public var unixMilliseconds: @Sendable () -> UInt64
    /// The monotonic clock, in nanoseconds; the one that `IncomingRequest.arrived` was read from.
    public var monotonicNanoseconds: @Sendable () -> UInt64

    /// A clock of these two readings.
    public init(
        unixMilliseconds: @escaping @Sendable () -> UInt64,
        monotonicNanoseconds: @escaping @Sendable () -> UInt64
    ) {
        self.unixMilliseconds = unixMilliseconds
        self.monotonicNanoseconds = monotonicNanoseconds
    }

    /// The system's `CLOCK_REALTIME` and `CLOCK_MONOTONIC`.
    public static let system = GatewayClock(
        unixMilliseconds: { GatewayClock.read(CLOCK_REALTIME) / 1_000_000 },
        monotonicNanoseconds: { GatewayClock.read(CLOCK_MONOTONIC) })

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(max(0, time.tv_sec)) &* 1_000_000_000 &+ UInt64(max(0, time.tv_nsec))
    }
}
