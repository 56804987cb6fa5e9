import Synchronization

/// How often something was refused since the start, by the reason that the log gives.
///
/// The reasons are constants of the code, so there are only so many.
final class RefusalCounts: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// Every reason that has occurred, in the order of the alphabet.
    var all: [(reason: String, count: Int)] {
        counts.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.0 < $1.0 }
    }

    /// Counts one more.
    func add(_ reason: String) { counts.withLock { $0[reason, default: 0] += 1 } }
}
