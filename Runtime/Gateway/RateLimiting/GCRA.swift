import Manifests

/// One rate rule as arithmetic: the generic cell rate algorithm (ITU-T I.371), a bucket kept as a single point in time.
///
/// Of a bucket only that time is kept at which it will be full again. A request moves it on by `cost`, and is refused
/// when it would lie further ahead than `span`: so a burst of `limit` passes, then one each `cost`, and any window of
/// `per` (its end not counted) sees fewer than twice `limit`.
///
/// Times are whole nanoseconds of one monotonic clock. `cost` is rounded up to one: a rule refills by less than a
/// nanosecond a request too slowly, which only one of above a million requests a second could show.
struct GCRA: Sendable, Hashable {
    /// What is said of one request.
    struct Verdict: Sendable, Equatable {
        /// Whether it may pass.
        var isAllowed: Bool
        /// How many more may pass at once, behind this one.
        var remaining: UInt32
        /// Whole seconds, rounded up, until one more than `remaining` may pass: with a refusal, when to come again. 0
        /// for a full bucket only.
        var seconds: UInt32
    }

    /// Later than any time that comes in, and early enough that no sum below overflows: 146 years of uptime.
    private static let latest: UInt64 = 1 << 62

    /// The burst; 1 to 10^9.
    let limit: UInt64
    /// The time that one request takes from the bucket, in nanoseconds; at least 1.
    let cost: UInt64
    /// The time in which an empty bucket fills, in nanoseconds: `limit` times `cost`.
    let span: UInt64

    init(_ rule: RateRule) {
        limit = UInt64(min(max(rule.limit, 1), 1_000_000_000))
        let per = Self.nanoseconds(rule.per)
        cost = max(1, per / limit + (per % limit == 0 ? 0 : 1))
        span = limit * cost
    }

    /// Decides on one request.
    ///
    /// - Parameters:
    ///   - full: when the bucket is full again; 0, as any time past, for one that is.
    ///   - now: the time; `full` becomes the bucket's new time when the request may pass.
    @inline(__always)
    func take(_ full: inout UInt64, at now: UInt64) -> Verdict {
        let now = min(now, Self.latest)
        let missing = missing(full, now)
        guard missing + cost <= span else {
            return Verdict(isAllowed: false, remaining: 0, seconds: Self.seconds(missing + cost - span))
        }
        full = now + missing + cost
        return verdict(missing: missing + cost)
    }

    /// What would be said of a request that is not made: nothing is taken.
    func peek(_ full: UInt64, at now: UInt64) -> Verdict {
        let missing = missing(full, min(now, Self.latest))
        guard missing > 0 else { return Verdict(isAllowed: true, remaining: UInt32(limit), seconds: 0) }
        var verdict = verdict(missing: missing)
        verdict.isAllowed = verdict.remaining > 0
        return verdict
    }

    /// The bucket's time when a request that was let in is put back.
    func giveBack(_ full: UInt64) -> UInt64 { full > cost ? full - cost : 0 }

    /// What the bucket lacks, as time. Never above `span`, whatever the store holds.
    @inline(__always)
    private func missing(_ full: UInt64, _ now: UInt64) -> UInt64 { full > now ? min(full - now, span) : 0 }

    @inline(__always)
    private func verdict(missing: UInt64) -> Verdict {
        let remaining = (span - missing) / cost
        // `missing` is above zero, so that `remaining` is below `limit`.
        let wait = missing - (limit - remaining - 1) * cost
        return Verdict(
            isAllowed: true, remaining: UInt32(truncatingIfNeeded: remaining), seconds: Self.seconds(wait))
    }

    @inline(__always)
    private static func seconds(_ nanoseconds: UInt64) -> UInt32 {
        UInt32(clamping: nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 == 0 ? 0 : 1))
    }

    /// At least 1, and at most 2^60 (36 years).
    static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        guard seconds < 1 << 30 else { return 1 << 60 }
        return max(1, UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000))
    }
}
