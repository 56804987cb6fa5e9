// What is wanted back, and from whom.
extension ConnectionBudget {
    /// The state after all that was promised has happened.
    private struct Outlook {
        /// Leases that each worker will have.
        var held: [Int]
        /// Requests of each worker that no lease is on its way to.
        var waiting: [ArraySlice<HolderRecord.Waiter>]
    }

    /// Asks for as many leases as are missing. Answers when a worker's turn will be over for one that waits, if that is
    /// all that is in the way.
    mutating func recall(_ limits: ConnectionLimits, at now: Instant) -> Instant? {
        let excess = max(leased - limits.connections, 0)
        guard excess > 0 || waiting > 0 else {
            wantNothing()
            return nil
        }
        // Those asked for long ago are not counted on, but their workers still owe them.
        var coming = holders.reduce(0) { count, record in
            count + record.recalls.count { $0 + limits.patience > now }
        }
        for _ in 0..<excess {
            if coming > 0 {
                coming -= 1
            } else if let donor = mostSpare() ?? mostRemaining(atLeast: 1) {
                want(donor, at: now)
            }
        }
        var outlook = Outlook(held: holders.map(\.remaining), waiting: holders.map { $0.waiting[...] })
        while let taker = next(
            among: holders.indices, held: { outlook.held[$0] }, waiting: { outlook.waiting[$0] })
        {
            if coming > 0 {
                coming -= 1
            } else {
                switch donor(for: taker, outlook, limits, at: now) {
                case .found(let donor):
                    want(donor, at: now)
                    outlook.held[donor] -= 1
                case .later(let time): return time
                case .none: return nil
                }
            }
            outlook.held[taker] += 1
            outlook.waiting[taker].removeFirst()
        }
        return nil
    }

    private enum Donor {
        case found(Int)
        /// None now, but one at that time.
        case later(Instant)
        case none
    }

    private func donor(
        for taker: Int, _ outlook: Outlook, _ limits: ConnectionLimits, at now: Instant
    ) -> Donor {
        let least = outlook.held[taker] == 0 ? 1 : outlook.held[taker] + 2
        if let spare = mostSpare(except: taker, { outlook.held[$0] >= least }) { return .found(spare) }
        // Another pool of the same worker may sit on it.
        if holders[taker].spare > 0 { return .found(taker) }
        if let rich = mostRemaining(atLeast: outlook.held[taker] + 2, except: taker, outlook.held) {
            return .found(rich)
        }
        guard outlook.held[taker] == 0 else { return rested(except: taker, limits, at: now) }
        var asked = holders.map { $0.recalls.count }
        for lease in leases {
            guard let owner = holders.firstIndex(where: { $0.holder == lease.key.holder }), owner != taker,
                !holders[owner].isSilent
            else { continue }
            // As many of its oldest leases as are wanted already are on their way.
            if asked[owner] > 0 {
                asked[owner] -= 1
                continue
            }
            guard outlook.held[owner] > 0, holders[owner].remaining > 0 else { continue }
            return lease.since + limits.turn <= now ? .found(owner) : .later(lease.since + limits.turn)
        }
        return .none
    }

    /// The worker that has gone without one of its leases for longest, once that was a rest.
    private func rested(except taker: Int, _ limits: ConnectionLimits, at now: Instant) -> Donor {
        let since = holders.indices.filter { $0 != taker }.compactMap { place in
            holders[place].spareSince.map { (place: place, since: $0) }
        }
        guard let first = since.min(by: { $0.since < $1.since }) else { return .none }
        let time = first.since + limits.rest
        return time <= now ? .found(first.place) : .later(time)
    }

    /// The worker that uses the most leases the least, of those that `isDonor` says.
    private func mostSpare(except taker: Int? = nil, _ isDonor: (Int) -> Bool = { _ in true }) -> Int? {
        var best: Int?
        for place in holders.indices where place != taker && holders[place].spare > 0 && isDonor(place) {
            if best.map({ holders[$0].spare < holders[place].spare }) ?? true { best = place }
        }
        return best
    }

    /// The worker that has the most leases, by `held` or by what it will have.
    private func mostRemaining(atLeast least: Int, except taker: Int? = nil, _ held: [Int]? = nil) -> Int? {
        var best: (place: Int, count: Int)?
        for place in holders.indices where place != taker && holders[place].remaining > 0 {
            let count = held?[place] ?? holders[place].remaining
            if count >= max(least, 1), best.map({ $0.count < count }) ?? true { best = (place, count) }
        }
        return best?.place
    }
}
