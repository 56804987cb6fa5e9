import Testing

@testable import HTTPServing

struct ConnectionDeadlinesTests {
    static let second: UInt64 = 1_000_000_000
    static let limits = ConnectionLimits(HTTPServerConfiguration())

    @Test("an idle connection has 75 s, anew after each response")
    func idle() {
        let second = ConnectionDeadlinesTests.second
        var deadlines = ConnectionDeadlines()
        deadlines.idle(at: 5 * second)
        #expect(deadlines.verdict(at: 80 * second - 1, ConnectionDeadlinesTests.limits) == nil)
        #expect(deadlines.verdict(at: 80 * second, ConnectionDeadlinesTests.limits) == .idleTooLong)
        deadlines.idle(at: 80 * second)
        #expect(deadlines.verdict(at: 81 * second, ConnectionDeadlinesTests.limits) == nil)
    }

    @Test("a head has 10 s from its first byte, however often one comes")
    func head() {
        let second = ConnectionDeadlinesTests.second
        var deadlines = ConnectionDeadlines()
        for tick in 0..<10 {
            deadlines.head(at: UInt64(tick) * second)
            #expect(deadlines.verdict(at: UInt64(tick) * second, ConnectionDeadlinesTests.limits) == nil)
        }
        #expect(deadlines.verdict(at: 10 * second, ConnectionDeadlinesTests.limits) == .headTooSlow)
    }

    @Test("a body needs 500 B/s in every window of 10 s, and a fast start buys no stall")
    func body() {
        let second = ConnectionDeadlinesTests.second
        var deadlines = ConnectionDeadlines()
        deadlines.body(at: 0)
        deadlines.bodyCame(1_000_000)
        #expect(deadlines.verdict(at: 10 * second, ConnectionDeadlinesTests.limits) == nil)
        deadlines.bodyCame(5_000)
        #expect(deadlines.verdict(at: 20 * second, ConnectionDeadlinesTests.limits) == nil)
        deadlines.bodyCame(4_999)
        #expect(deadlines.verdict(at: 29 * second, ConnectionDeadlinesTests.limits) == nil)
        #expect(deadlines.verdict(at: 30 * second, ConnectionDeadlinesTests.limits) == .bodyTooSlow)
    }

    @Test("a handler at work has no deadline here; a lingering connection has 2 s")
    func others() {
        var deadlines = ConnectionDeadlines()
        deadlines.answering()
        #expect(deadlines.verdict(at: .max / 2, ConnectionDeadlinesTests.limits) == nil)
        deadlines.lingering(at: 0)
        #expect(
            deadlines.verdict(at: 2 * ConnectionDeadlinesTests.second, ConnectionDeadlinesTests.limits)
                == .lingeredEnough)
    }

    @Test("a client that closed its side behind its request waits 1 s for the answer to begin")
    func halfClosed() {
        let second = ConnectionDeadlinesTests.second
        let limits = ConnectionDeadlinesTests.limits
        var deadlines = ConnectionDeadlines()
        deadlines.answering()
        deadlines.halfClosed(at: 5 * second)
        // What else happens on the connection, as the handler wants nothing more, begins no new time.
        deadlines.halfClosed(at: 6 * second - 2)
        #expect(deadlines.verdict(at: 6 * second - 1, limits) == nil)
        #expect(deadlines.verdict(at: 6 * second, limits) == .clientGone)
        deadlines.answering()
        #expect(deadlines.verdict(at: .max / 2, limits) == nil)
        // The next request that was sent ahead has a time of its own.
        deadlines.idle(at: 8 * second)
        deadlines.halfClosed(at: 8 * second)
        #expect(deadlines.verdict(at: 9 * second - 1, limits) == nil)
        #expect(deadlines.verdict(at: 9 * second, limits) == .clientGone)
    }

    @Test("what waits to be sent may wait 30 s without a byte going")
    func stalled() {
        let second = ConnectionDeadlinesTests.second
        let limits = ConnectionDeadlinesTests.limits
        var deadlines = ConnectionDeadlines()
        func stalled(_ written: Int, _ unsent: Int, at time: UInt64) -> Bool {
            deadlines.writeStalled(written: written, unsent: unsent, at: time * second, limits)
        }
        #expect(!stalled(100, 100, at: 0))
        #expect(deadlines.isUnsent)
        #expect(!stalled(100, 100, at: 29))
        #expect(!stalled(100, 99, at: 30))
        #expect(!stalled(100, 99, at: 59))
        #expect(stalled(100, 99, at: 60))
        #expect(!stalled(200, 198, at: 61))
        #expect(!stalled(300, 298, at: 90))
        #expect(stalled(300, 298, at: 91))
        #expect(!stalled(300, 0, at: 92))
        #expect(!deadlines.isUnsent)
        #expect(!stalled(300, 0, at: 200))
    }

    @Test("while an answer is on its way to the client, no wait for what follows it has begun")
    func unsent() {
        let second = ConnectionDeadlinesTests.second
        let limits = ConnectionDeadlinesTests.limits
        func ends(_ begin: (inout ConnectionDeadlines) -> Void, after wait: UInt64) -> ConnectionDeadlines.Verdict? {
            var deadlines = ConnectionDeadlines()
            begin(&deadlines)
            _ = deadlines.writeStalled(written: 9, unsent: 9, at: 100 * second, limits)
            let early = deadlines.verdict(at: 100 * second, limits)
            _ = deadlines.writeStalled(written: 9, unsent: 0, at: 110 * second, limits)
            let last = deadlines.verdict(at: (100 + wait) * second - 1, limits)
            #expect(early == nil && last == nil)
            return deadlines.verdict(at: (100 + wait) * second, limits)
        }
        #expect(ends({ $0.idle(at: 0) }, after: 75) == .idleTooLong)
        #expect(ends({ $0.head(at: 0) }, after: 10) == .headTooSlow)
        #expect(ends({ $0.halfClosed(at: 0) }, after: 1) == .clientGone)
        #expect(ends({ $0.lingering(at: 99 * second) }, after: 1) == .lingeredEnough)
    }

    @Test("deadlines are looked at four times in the shortest of them, and at least four times a second")
    func sweep() {
        #expect(ConnectionDeadlinesTests.limits.sweepInterval == 250_000_000)
        var configuration = HTTPServerConfiguration()
        configuration.headerTimeout = .milliseconds(40)
        #expect(ConnectionLimits(configuration).sweepInterval == 10_000_000)
        configuration.idleTimeout = .zero
        #expect(ConnectionLimits(configuration).sweepInterval == 5_000_000)
    }
}
