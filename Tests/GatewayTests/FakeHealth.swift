import Synchronization

@testable import Gateway

/// Health as the test sets it.
final class FakeHealth: HealthSource {
    private let state = Mutex<(snapshot: HealthSnapshot, isReady: Bool)>((HealthSnapshot(), true))

    func set(_ snapshot: HealthSnapshot, isReady: Bool = true) {
        state.withLock { $0 = (snapshot, isReady) }
    }
    func snapshot() -> HealthSnapshot { state.withLock { $0.snapshot } }
    var isReady: Bool { state.withLock { $0.isReady } }
}
