/// What the budget's machine knows of one worker.
struct HolderRecord: Sendable {
    /// A request that waits.
    struct Waiter: Sendable, Equatable {
        var number: UInt64
        /// Its place in the order of all requests.
        var order: UInt64
        var deadline: Instant
    }

    let holder: LeaseHolder
    /// Leases that it has.
    var held = 0
    /// Since when it has not used so many of those, by its own words: the first since that time, the second since that, …
    private var unused: [Instant] = []
    /// Requests that wait, in order.
    var waiting: [Waiter] = []
    /// When each of the leases that are wanted back from it was asked for, the oldest first.
    var recalls: [Instant] = []
    /// How many of its leases it may keep unused.
    var kept = 0
    /// What it was told last, less what it has given back since.
    var toldWanted = 0
    var toldKept = 0
    /// Leases that it has given back, all in all.
    var returned: UInt64 = 0
    /// Its link is gone, so it cannot be told anything; its leases come back when its process has ended.
    var isSilent = false

    init(_ holder: LeaseHolder) { self.holder = holder }

    /// How many of its leases it does not use, by its own last word.
    var idle: Int { unused.count }

    /// It says that it does not use so many of its leases.
    mutating func says(idle count: Int, at now: Instant) {
        let count = min(max(count, 0), held)
        if count < unused.count { unused.removeLast(unused.count - count) }
        while unused.count < count { unused.append(now) }
    }

    /// Since when it has not used one more of its leases than are wanted back already; nil: it uses all others.
    var spareSince: Instant? { spare > 0 ? unused[recalls.count] : nil }

    /// Leases that it will have left when it has given back what is wanted.
    var remaining: Int { isSilent ? 0 : held - recalls.count }
    /// Leases that it does not use and that are not wanted back yet.
    var spare: Int { isSilent ? 0 : max(min(idle, held) - recalls.count, 0) }

    /// A lease came back from it.
    mutating func lost() {
        held -= 1
        returned += 1
        if !recalls.isEmpty { recalls.removeFirst() }
        toldWanted = max(toldWanted - 1, 0)
        if unused.count > held { unused.removeLast(unused.count - held) }
    }
}
