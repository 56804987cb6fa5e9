import WireProtocol

/// The decisions about database connections: which worker may open one, who waits, and who gives one back.
///
/// No socket, clock or lock is in here: events come in with the time, actions go out. A lease counts from its grant
/// until the worker says that the connection is closed, or until its process is gone. The rules:
///
/// - What is free goes to the worker with the fewest leases; among equals to the one that asked first. So everybody has
///   one before anybody has two, and nobody waits for ever.
/// - When nothing is free, one is wanted back: from a worker that has at least two more than the one that waits, one that
///   does not use it first; if the one that waits has none at all, from any that does not use it, else from the worker
///   whose lease is the oldest, once it has had it for a `turn`; else from one that has not used it for a `rest`. For a
///   connection that changes hands is closed, and another opened: workers whose load goes up and down do not take theirs
///   from one another again and again.
/// - A worker that does not give it back within `patience` may be in the middle of something long: another is asked too.
/// - The `minConnections` oldest leases need not be given back for want of use.
///
/// An event that cannot be is counted and changes nothing.
struct ConnectionBudget: Sendable {
    /// Requests of one worker that wait at most; more are refused.
    static let waitersOfOne = 1024

    private(set) var limits: ConnectionLimits?
    /// Workers that have asked for something and whose processes are not gone, in the order in which they came.
    private(set) var holders: [HolderRecord] = []
    /// All leases with the time of their grant, the oldest first.
    private(set) var leases: [(key: LeaseKey, since: Instant)] = []
    /// When `timer` is to be called, as far as the shell knows.
    private var armed: Instant?
    private var lastOrder: UInt64 = 0
    /// Events that cannot be, by what is known.
    private(set) var impossible = 0

    /// A budget; nil where there is no database, and every request is refused.
    init(_ limits: ConnectionLimits? = nil) { self.limits = limits }

    /// How many leases are out.
    var leased: Int { leases.count }
    /// How many requests wait.
    var waiting: Int { holders.reduce(0) { $0 + $1.waiting.count } }
    /// The numbers for `/status`; nil where there is no database.
    var status: ConnectionStatus? {
        limits.map { ConnectionStatus(limit: $0.connections, leased: leased, waiting: waiting) }
    }

    // MARK: Events

    /// A worker wants to open a connection. `idle`: how many of its leases it does not use.
    mutating func asked(_ key: LeaseKey, idle: Int, at now: Instant, _ actions: inout [BudgetAction]) {
        guard let limits else {
            actions.append(.answer(key, .refused))
            return
        }
        let index = place(of: key.holder)
        let isKnown =
            holders[index].waiting.contains { $0.number == key.number } || leases.contains { $0.key == key }
        if isKnown || holders[index].isSilent {
            impossible += 1
        } else if holders[index].waiting.count >= ConnectionBudget.waitersOfOne {
            actions.append(.answer(key, .refused))
        } else {
            lastOrder += 1
            holders[index].waiting.append(
                HolderRecord.Waiter(number: key.number, order: lastOrder, deadline: now + limits.wait))
        }
        holders[index].says(idle: idle, at: now)
        settle(at: now, &actions)
    }

    /// A worker gives leases back, or takes requests back; with none of either, it only says how many it does not use.
    mutating func returned(
        _ holder: LeaseHolder, _ numbers: [UInt64], idle: Int, at now: Instant, _ actions: inout [BudgetAction]
    ) {
        guard let index = holders.firstIndex(where: { $0.holder == holder }) else { return }
        for number in numbers {
            if let place = leases.firstIndex(where: { $0.key == LeaseKey(holder: holder, number: number) }) {
                leases.remove(at: place)
                holders[index].lost()
            } else if let place = holders[index].waiting.firstIndex(where: { $0.number == number }) {
                holders[index].waiting.remove(at: place)
            }
        }
        holders[index].says(idle: idle, at: now)
        settle(at: now, &actions)
    }

    /// A worker's link is gone: it waits for nothing any more, and can be told nothing. It keeps its leases.
    mutating func silenced(_ holder: LeaseHolder, at now: Instant, _ actions: inout [BudgetAction]) {
        guard let index = holders.firstIndex(where: { $0.holder == holder }) else { return }
        holders[index].isSilent = true
        holders[index].waiting = []
        holders[index].recalls = []
        settle(at: now, &actions)
    }

    /// A worker's process is gone, and its connections with it.
    mutating func gone(_ holder: LeaseHolder, at now: Instant, _ actions: inout [BudgetAction]) {
        guard let index = holders.firstIndex(where: { $0.holder == holder }) else { return }
        leases.removeAll { $0.key.holder == holder }
        holders.remove(at: index)
        settle(at: now, &actions)
    }

    /// The manifest says something else from now on. Leases over a smaller limit are wanted back; nil refuses all who
    /// wait.
    mutating func change(_ limits: ConnectionLimits?, at now: Instant, _ actions: inout [BudgetAction]) {
        self.limits = limits
        if limits == nil {
            for index in holders.indices {
                for waiter in holders[index].waiting {
                    actions.append(.answer(LeaseKey(holder: holders[index].holder, number: waiter.number), .refused))
                }
                holders[index].waiting = []
            }
        }
        settle(at: now, &actions)
    }

    /// Time has passed.
    mutating func timer(at now: Instant, _ actions: inout [BudgetAction]) {
        armed = nil
        settle(at: now, &actions)
    }

    // MARK: Pieces

    private mutating func place(of holder: LeaseHolder) -> Int {
        if let index = holders.firstIndex(where: { $0.holder == holder }) { return index }
        holders.append(HolderRecord(holder))
        return holders.count - 1
    }

    /// Draws every conclusion from what is known now.
    private mutating func settle(at now: Instant, _ actions: inout [BudgetAction]) {
        guard let limits else { return }
        expire(at: now, &actions)
        grant(limits, at: now, &actions)
        let turn = recall(limits, at: now)
        keep(limits)
        tell(&actions)
        arm(limits, turn: turn, at: now, &actions)
    }

    private mutating func expire(at now: Instant, _ actions: inout [BudgetAction]) {
        for index in holders.indices {
            while let first = holders[index].waiting.first, first.deadline <= now {
                holders[index].waiting.removeFirst()
                actions.append(.answer(LeaseKey(holder: holders[index].holder, number: first.number), .timedOut))
            }
        }
    }

    private mutating func grant(_ limits: ConnectionLimits, at now: Instant, _ actions: inout [BudgetAction]) {
        while leases.count < limits.connections,
            let index = next(among: holders.indices, held: { holders[$0].held }, waiting: { holders[$0].waiting[...] })
        {
            let waiter = holders[index].waiting.removeFirst()
            let key = LeaseKey(holder: holders[index].holder, number: waiter.number)
            holders[index].held += 1
            leases.append((key, now))
            actions.append(.answer(key, .granted))
        }
    }

    /// Whose turn it is: the fewest leases, among equals the oldest request.
    func next(
        among places: Range<Int>, held: (Int) -> Int, waiting: (Int) -> ArraySlice<HolderRecord.Waiter>
    ) -> Int? {
        var best: (place: Int, held: Int, order: UInt64)?
        for place in places {
            guard let first = waiting(place).first else { continue }
            let count = held(place)
            if let found = best, (found.held, found.order) < (count, first.order) { continue }
            best = (place, count, first.order)
        }
        return best?.place
    }

    /// The oldest leases may stay unused. Not looked at while somebody waits: then nothing stays unused.
    private mutating func keep(_ limits: ConnectionLimits) {
        guard holders.allSatisfy({ $0.waiting.isEmpty }) else { return }
        for index in holders.indices { holders[index].kept = 0 }
        for lease in leases.prefix(limits.minConnections) {
            guard let index = holders.firstIndex(where: { $0.holder == lease.key.holder }) else { continue }
            holders[index].kept += 1
        }
    }

    private mutating func tell(_ actions: inout [BudgetAction]) {
        for index in holders.indices where !holders[index].isSilent {
            let record = holders[index]
            guard record.recalls.count != record.toldWanted || record.kept != record.toldKept else { continue }
            holders[index].toldWanted = record.recalls.count
            holders[index].toldKept = record.kept
            actions.append(
                .recall(
                    record.holder,
                    LeaseRecallFrame(
                        wanted: UInt32(clamping: record.recalls.count), kept: UInt32(clamping: record.kept),
                        returned: record.returned)))
        }
    }

    private mutating func arm(
        _ limits: ConnectionLimits, turn: Instant?, at now: Instant, _ actions: inout [BudgetAction]
    ) {
        var next = turn
        for record in holders {
            if let deadline = record.waiting.first?.deadline { next = min(next ?? deadline, deadline) }
        }
        guard var next else { return }
        for record in holders {
            for recall in record.recalls where recall + limits.patience > now {
                next = min(next, recall + limits.patience)
            }
        }
        if let armed, armed <= next { return }
        armed = next
        actions.append(.arm(next))
    }

    /// Asks a worker for one lease back.
    mutating func want(_ index: Int, at now: Instant) { holders[index].recalls.append(now) }

    /// Asks for none back any more.
    mutating func wantNothing() { for index in holders.indices { holders[index].recalls = [] } }
}
