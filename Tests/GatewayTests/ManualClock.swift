import Synchronization

@testable import Gateway

/// A clock that stands until it is moved. It starts at 2026-11-21T02:55:00.123Z.
final class ManualClock: Sendable {
    private let milliseconds = Mutex<UInt64>(1_795_229_700_123)
    private let nanoseconds = Mutex<UInt64>(1_000_000_000)

    func advance(milliseconds: UInt64) {
        self.milliseconds.withLock { $0 += milliseconds }
        nanoseconds.withLock { $0 += milliseconds * 1_000_000 }
    }

    var clock: GatewayClock {
        GatewayClock(
            unixMilliseconds: { self.milliseconds.withLock { $0 } },
            monotonicNanoseconds: { self.nanoseconds.withLock { $0 } })
    }
}
