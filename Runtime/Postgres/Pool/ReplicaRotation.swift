import WorkerLoop

/// Which replica the next read goes to: one after the other, without those that are away.
///
/// A replica that could not be reached is left out for 1 s, and twice as long each further time, up to 30 s. Then one
/// read tries it, and the others do not wait for what it finds.
struct ReplicaRotation: Sendable {
    static let firstAbsence = Duration.seconds(1)
    static let longestAbsence = Duration.seconds(30)

    private struct Replica {
        /// When it is tried again; nil while it is there.
        var away: LoopInstant?
        var absence = Duration.zero
    }

    private var replicas: [Replica]
    private var next = 0

    init(count: Int) { replicas = Array(repeating: Replica(), count: count) }

    /// The next one to try; nil when all are away, or `tried` has them all. A read asks again with what it has tried
    /// until it reaches one.
    mutating func take(except tried: Set<Int> = [], at now: LoopInstant) -> Int? {
        for step in 0..<replicas.count {
            let index = (next + step) % replicas.count
            if tried.contains(index) { continue }
            if let away = replicas[index].away {
                if away > now { continue }
                replicas[index].away = now.advanced(by: replicas[index].absence)
            }
            next = (index + 1) % replicas.count
            return index
        }
        return nil
    }

    /// A replica was reached.
    mutating func reached(_ index: Int) { replicas[index] = Replica() }

    /// A replica could not be reached.
    mutating func missed(_ index: Int, at now: LoopInstant) {
        let last = replicas[index].absence
        let absence = last == .zero ? Self.firstAbsence : min(last * 2, Self.longestAbsence)
        replicas[index] = Replica(away: now.advanced(by: absence), absence: absence)
    }

    /// Whether the last attempt to reach it failed.
    func isAway(_ index: Int) -> Bool { replicas[index].away != nil }
}
