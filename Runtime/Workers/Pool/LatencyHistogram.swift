/// How long invocations took: counts in buckets that grow by a quarter of a power of two, so a percentile is right
/// within a fifth; 160 buckets reach from a microsecond to over an hour.
public struct LatencyHistogram: Sendable, Equatable {
    private var counts = [UInt64](repeating: 0, count: 160)

    /// A histogram of nothing.
    public init() {}
    /// How many were counted.
    public private(set) var total: UInt64 = 0

    /// Counts one duration.
    mutating func record(microseconds: UInt64) {
        counts[Self.bucket(microseconds)] += 1
        total += 1
    }

    /// Adds what another one counted.
    mutating func add(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        total += other.total
    }

    /// The duration that this share of all did not pass, in milliseconds; nil when nothing was counted.
    public func percentile(_ share: Double) -> Double? {
        guard total > 0 else { return nil }
        let wanted = UInt64((Double(total) * share).rounded(.up))
        var seen: UInt64 = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if seen >= wanted { return Self.upperBound(index) / 1000 }
        }
        return nil
    }

    private static func bucket(_ microseconds: UInt64) -> Int {
        guard microseconds >= 4 else { return Int(microseconds) }
        let power = 63 - microseconds.leadingZeroBitCount
        let quarter = Int(microseconds >> UInt64(power - 2)) & 3
        return min(159, (power - 1) * 4 + quarter)
    }

    private static func upperBound(_ bucket: Int) -> Double {
        guard bucket >= 4 else { return Double(bucket + 1) }
        let power = bucket / 4 + 1
        return Double(UInt64(1) << UInt64(power)) * (1 + Double(bucket % 4 + 1) / 4)
    }
}
