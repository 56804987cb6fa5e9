/// How many workers a function's present load asks for: what is in flight and what waits, over what one is to hold.
///
/// This is the event-driven half of scaling, a pure function of now. What to keep over time is decided by windows.
struct NeededWorkers: Sendable, Equatable {
    /// Workers that are always kept.
    var min: Int
    /// Workers at most.
    var max: Int
    /// How many requests one worker holds before another one is wanted; 1 at least.
    let share: Int

    /// A rule; `target` is the share of `concurrency` that is filled before another worker is wanted.
    init(min: Int, max: Int, concurrency: Int, target: Double) {
        self.max = Swift.max(max, 1)
        self.min = Swift.min(Swift.max(min, 0), self.max)
        let wanted = Int((Double(Swift.max(concurrency, 1)) * target).rounded(.down))
        share = Swift.min(Swift.max(wanted, 1), Swift.max(concurrency, 1))
    }

    /// The workers that `load` requests need, running and waiting counted together.
    func count(load: Int) -> Int {
        Swift.min(Swift.max((load + share - 1) / share, min), max)
    }
}
