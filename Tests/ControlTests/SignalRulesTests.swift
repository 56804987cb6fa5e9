import Glibc
import Testing

@testable import Control

/// What signals make of a server.
@Suite struct SignalRulesTests {
    /// What each signal is answered with, at so many milliseconds.
    static func actions(hangUpStops: Bool, _ signals: [(Int, Int32)]) -> [SignalRules.Action] {
        var rules = SignalRules(hangUpStops: hangUpStops)
        let start = ContinuousClock.now
        return signals.map { rules.action(for: $0.1, at: start + .milliseconds($0.0)) }
    }

    @Test(
        "the first signal drains, the second stops at once, and a third is nothing new", arguments: [SIGTERM, SIGINT])
    func twice(signal: Int32) {
        let actions = Self.actions(hangUpStops: false, [(0, SIGTERM), (500, signal), (2000, SIGINT)])
        #expect(actions == [.drain, .cut, .ignore])
    }

    @Test("what comes within half a second of the first is the first, passed on by a program between")
    func echo() {
        let actions = Self.actions(hangUpStops: false, [(0, SIGINT), (1, SIGTERM), (499, SIGTERM), (501, SIGTERM)])
        #expect(actions == [.drain, .ignore, .ignore, .cut])
    }

    @Test("SIGHUP is a warning, and neither the first nor the second signal to stop")
    func hangUp() {
        let actions = Self.actions(
            hangUpStops: false, [(0, SIGHUP), (600, SIGHUP), (700, SIGTERM), (1500, SIGHUP), (1600, SIGTERM)])
        #expect(actions == [.warn, .warn, .drain, .warn, .cut])
    }

    @Test("SIGHUP is the end of the terminal that the log goes to")
    func terminal() {
        let actions = Self.actions(hangUpStops: true, [(0, SIGHUP), (1, SIGTERM), (600, SIGHUP)])
        #expect(actions == [.drain, .ignore, .cut])
    }
}

@Suite struct PatienceTests {
    @Test("what is waited for ends with the patience, before or while it is waited")
    func lost() async {
        let patience = Patience()
        #expect(patience.grace(.seconds(30)) == .seconds(30))
        let start = ContinuousClock.now
        async let waiting: Void = patience.wait(for: .seconds(60))
        patience.lose()
        await waiting
        #expect(start.duration(to: .now) < .seconds(30))
        #expect(patience.grace(.seconds(30)) == .zero)
    }
}
