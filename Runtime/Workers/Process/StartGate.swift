/// Lets only so many workers of all pools start at once, those that wait in the order in which they were asked for.
///
/// Starting is processor time: more at once than two a core makes each of them slower and none of them earlier. A start that
/// is not over after a while waits for something else, or hangs; from then on it counts for those of its own function alone,
/// so that no function keeps the others from starting.
struct StartGate {
    /// How long a start counts for all.
    static let patience: Duration = .milliseconds(250)

    private struct Start {
        var function: String
        var isSlow = false
    }

    let limit: Int
    private var running: [UInt64: Start] = [:]
    private var waiting: [SpawnOrder] = []

    init(limit: Int) { self.limit = max(limit, 1) }

    /// Whether nothing waits.
    var isEmpty: Bool { waiting.isEmpty }

    /// A start is asked for. True if it may begin; else it waits.
    mutating func request(_ order: SpawnOrder) -> Bool {
        guard mayBegin(order) else {
            waiting.append(order)
            return false
        }
        begin(order)
        return true
    }

    /// A start is over, well or badly. The order that may begin now; nil when there is none.
    mutating func ended(_ token: UInt64) -> SpawnOrder? {
        guard running.removeValue(forKey: token) != nil else { return nil }
        return next()
    }

    /// A start has had its time (`patience`). The order that may begin now; nil when there is none, or the start is over.
    mutating func slow(_ token: UInt64) -> SpawnOrder? {
        guard running[token]?.isSlow == false else { return nil }
        running[token]?.isSlow = true
        return next()
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

    /// One place became free, of all or of a function.
    private mutating func next() -> SpawnOrder? {
        guard let index = waiting.firstIndex(where: mayBegin) else { return nil }
        let order = waiting.remove(at: index)
        begin(order)
        return order
    }

    private mutating func begin(_ order: SpawnOrder) {
        running[order.token] = Start(function: order.specification.function)
    }

    private func mayBegin(_ order: SpawnOrder) -> Bool {
        let function = order.specification.function
        return running.values.count { !$0.isSlow } < limit
            && running.values.count { $0.function == function } < limit
    }
}
