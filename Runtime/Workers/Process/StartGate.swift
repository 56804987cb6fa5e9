/// Lets only so many workers of all pools start at once, in the order in which they were asked for.
///
/// Starting is processor time: more at once than two a core makes each of them slower and none of them earlier.
struct StartGate {
    let limit: Int
    private var running: Set<UInt64> = []
    private var waiting: [SpawnOrder] = []

    init(limit: Int) { self.limit = max(limit, 1) }

    /// Whether nothing waits.
    var isEmpty: Bool { waiting.isEmpty }

    /// A start is asked for. True if it may begin; else it waits.
    mutating func request(_ order: SpawnOrder) -> Bool {
        guard running.count < limit else {
            waiting.append(order)
            return false
        }
        running.insert(order.token)
        return true
    }

    /// A start is over, well or badly. The order that may begin now; nil when there is none.
    mutating func ended(_ token: UInt64) -> SpawnOrder? {
        guard running.remove(token) != nil, !waiting.isEmpty else { return nil }
        let next = waiting.removeFirst()
        running.insert(next.token)
        return next
    }

    /// Takes back a start that has not begun; nil when it has.
    mutating func withdraw(_ token: UInt64) -> SpawnOrder? {
        guard let index = waiting.firstIndex(where: { $0.token == token }) else { return nil }
        return waiting.remove(at: index)
    }

    /// Takes back all that wait.
    mutating func withdrawAll() -> [SpawnOrder] {
        let all = waiting
        waiting = []
        return all
    }
}
