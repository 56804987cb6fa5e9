import Manifests
import Testing

@testable import Gateway

@Suite("Rate rules as arithmetic")
struct GCRATests {
    private static let second: UInt64 = 1_000_000_000

    private static func rule(_ limit: Int, _ per: Duration) -> GCRA { GCRA(RateRule(limit: limit, per: per)) }

    @Test("a burst of the limit passes, then one each time that one has come back")
    func timeline() {
        let rule = Self.rule(3, .seconds(30))
        var full: UInt64 = 0
        let start = 100 * Self.second
        let said = [0, 0, 0, 0, 9, 10, 10, 40, 40].map { (seconds: UInt64) in
            rule.take(&full, at: start + seconds * Self.second)
        }
        #expect(
            said == [
                GCRA.Verdict(isAllowed: true, remaining: 2, seconds: 10),
                GCRA.Verdict(isAllowed: true, remaining: 1, seconds: 10),
                GCRA.Verdict(isAllowed: true, remaining: 0, seconds: 10),
                GCRA.Verdict(isAllowed: false, remaining: 0, seconds: 10),
                GCRA.Verdict(isAllowed: false, remaining: 0, seconds: 1),
                GCRA.Verdict(isAllowed: true, remaining: 0, seconds: 10),
                GCRA.Verdict(isAllowed: false, remaining: 0, seconds: 10),
                GCRA.Verdict(isAllowed: true, remaining: 2, seconds: 10),
                GCRA.Verdict(isAllowed: true, remaining: 1, seconds: 10),
            ])
    }

    @Test("the wait is rounded up: one who waits so long is let in, one who comes a nanosecond early is not")
    func rounding() {
        let rule = Self.rule(1, .milliseconds(2500))
        var full: UInt64 = 0
        #expect(rule.take(&full, at: 7) == GCRA.Verdict(isAllowed: true, remaining: 0, seconds: 3))
        #expect(rule.take(&full, at: 7 + 2_499_999_999) == GCRA.Verdict(isAllowed: false, remaining: 0, seconds: 1))
        #expect(rule.take(&full, at: 7 + 2_500_000_000).isAllowed)
    }

    @Test(
        "any window sees fewer than twice the limit, and a patient client gets its whole rate",
        arguments: [
            (1, Duration.milliseconds(1)), (2, .seconds(1)), (3, .seconds(1)), (7, .milliseconds(10)),
            (100, .seconds(900)), (1000, .milliseconds(1)),
        ])
    func window(limit: Int, per: Duration) {
        let rule = Self.rule(limit, per)
        let per = GCRA.nanoseconds(per)
        var random = FixedRandom(state: UInt64(limit))
        var full: UInt64 = 0
        var now: UInt64 = 0
        var passed: [UInt64] = []
        for step in 0..<5_000 {
            // A burst, then more of them, and pauses up to a window.
            if step > 2 * limit {
                now += random.next() % 4 == 0 ? random.next() % per : random.next() % (per / UInt64(limit) + 2)
            }
            if rule.take(&full, at: now).isAllowed { passed.append(now) }
        }
        var first = 0
        var most = 0
        for index in passed.indices {
            while passed[index] - passed[first] >= per { first += 1 }
            most = max(most, index - first + 1)
        }
        #expect(most < 2 * limit)
        #expect(most >= limit)
        var greedy: UInt64 = 0
        let count = (0..<UInt64(3 * limit)).count { rule.take(&greedy, at: $0 * rule.cost).isAllowed }
        #expect(count == 3 * limit)
    }

    @Test(
        "no figures and no time make it overflow",
        arguments: [
            (1, Duration.milliseconds(1)), (1_000_000_000, .milliseconds(1)), (1, .seconds(31_622_400)),
            (1_000_000_000, .seconds(31_622_400)), (Int.max, .seconds(Int64.max)), (0, .zero),
            (Int.min, .seconds(Int64.min)),
        ] as [(Int, Duration)])
    func extremes(limit: Int, per: Duration) {
        let rule = Self.rule(limit, per)
        let times: [UInt64] = [0, 1, 1 << 40, 1 << 62, .max]
        for now in times {
            for before in times {
                var full = before
                let seen = rule.peek(full, at: now)
                let taken = rule.take(&full, at: now)
                #expect(seen.isAllowed == taken.isAllowed)
                #expect(taken.remaining < max(1, UInt32(rule.limit)))
                _ = rule.giveBack(full)
            }
        }
        var full: UInt64 = 0
        #expect(rule.take(&full, at: 5).isAllowed)
    }

    @Test("what is put back can be taken again, and looking takes nothing")
    func giveBack() {
        let rule = Self.rule(2, .seconds(10))
        var full: UInt64 = 0
        let now = Self.second
        #expect(rule.peek(full, at: now) == GCRA.Verdict(isAllowed: true, remaining: 2, seconds: 0))
        _ = rule.take(&full, at: now)
        #expect(rule.peek(full, at: now) == GCRA.Verdict(isAllowed: true, remaining: 1, seconds: 5))
        _ = rule.take(&full, at: now)
        #expect(rule.peek(full, at: now) == GCRA.Verdict(isAllowed: false, remaining: 0, seconds: 5))
        full = rule.giveBack(full)
        #expect(rule.peek(full, at: now) == GCRA.Verdict(isAllowed: true, remaining: 1, seconds: 5))
    }
}

/// Numbers that are the same in every run.
struct FixedRandom {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
