import Synchronization

/// Resources that a handler may still change though nobody waits for it any more, and until when.
///
/// Few at a time. Past `limit` of them the oldest count for all resources: what is asked meanwhile is then not kept, and
/// never a stale answer given.
final class ResourceDoubts: Sendable {
    private struct State {
        var times: [Int: UInt64] = [:]
        /// What holds for every resource.
        var floor: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())
    /// The latest time of all, so that most look-ups take no lock.
    private let latest = Atomic<UInt64>(0)

    init(limit: Int = 256) { self.limit = limit }

    /// Notes that the resource at this place is in doubt until a time, in nanoseconds.
    func add(_ place: Int, until time: UInt64) {
        state.withLock { state in
            if state.times.count >= limit, state.times[place] == nil {
                state.floor = max(state.floor, state.times.values.max() ?? 0)
                state.times.removeAll()
            }
            state.times[place] = max(time, state.times[place] ?? 0)
        }
        latest.max(time, ordering: .acquiringAndReleasing)
    }

    /// Whether the resource was in doubt at a time or is to be after it.
    func holds(_ place: Int, after time: UInt64) -> Bool {
        guard time < latest.load(ordering: .acquiring) else { return false }
        return state.withLock { time < max($0.floor, $0.times[place] ?? 0) }
    }
}
