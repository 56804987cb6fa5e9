import WorkerLoop

/// The decisions of a connection pool: who gets which connection, what is opened and closed, and when.
///
/// No socket, clock or task is in here: events come in with the time, actions go out. Whoever asks first is served
/// first; while somebody waits, no connection is idle. The connection used last is lent first, so that those that
/// are not needed grow old and are closed. An event that cannot be is counted and changes nothing.
struct PoolMachine: Sendable {
    /// Names a connection for as long as it is being opened or open.
    struct ConnectionID: Hashable, Sendable {
        var rawValue: Int
    }

    /// Names one request for a connection.
    struct WaiterID: Hashable, Sendable {
        var rawValue: Int
    }

    /// What the shell has to do.
    enum Action: Equatable, Sendable {
        /// Ask for leave to open a connection, and report `allowed` or `openFailed`.
        case ask(ConnectionID)
        /// Take back what was asked; nothing is reported.
        case withdraw(ConnectionID)
        /// Open a connection, and report `opened` or `openFailed`.
        case open(ConnectionID)
        /// Close a connection; nothing is reported.
        case close(ConnectionID)
        /// Give the waiter this connection; it comes back by `returned`, or by `lost` if it turns out to be dead.
        case grant(WaiterID, ConnectionID)
        /// Tell the waiter that no connection became free in time.
        case timeOut(WaiterID)
        /// Tell the waiter that the server cannot be reached, or was not in time.
        case refuse(WaiterID)
        /// Tell the waiter that the pool is closed.
        case dismiss(WaiterID)
    }

    struct Waiter: Equatable, Sendable {
        var id: WaiterID
        var deadline: LoopInstant
    }

    enum ConnectionState: Equatable, Sendable {
        /// Leave to open it is being waited for. Exits: `allowed` to opening; `openFailed`, or that nobody needs it any
        /// more, to the end.
        case asking
        /// Being opened. Exits: `opened` to idle or leased, `openFailed` to the end.
        case opening
        /// Open and free. Exits: a grant to leased; its idle timeout, others' want, or the pool's closing, to the end.
        case idle
        /// Lent. Exits: `returned` to idle, to the next waiter, or to the end; `lost` to the end.
        case leased(Waiter)
    }

    let limits: PoolLimits
    /// So many are kept open too, by leave of whoever counts connections.
    var kept = 0
    private(set) var connections: [ConnectionID: ConnectionState] = [:]
    /// The free connections with the time of their last use, the oldest first.
    private(set) var idle: [(id: ConnectionID, since: LoopInstant)] = []
    private(set) var waiters: [Waiter] = []
    private(set) var isClosed = false
    private(set) var impossibleEvents = 0
    /// How many connections there ever were.
    private(set) var lastConnection = 0
    private(set) var pauses = ReconnectPauses()
    /// Those for which leave is being waited, the first asked first.
    private var asking: [ConnectionID] = []
    private var openingCount = 0

    init(_ limits: PoolLimits) {
        self.limits = limits
    }

    // MARK: Events

    /// The pool begins: the minimum is opened.
    mutating func start(at now: LoopInstant) -> [Action] {
        fill()
    }

    /// Lends the free connection that was used last, if there is one.
    mutating func takeIdle(for waiter: WaiterID, at now: LoopInstant) -> ConnectionID? {
        guard !isClosed, let free = idle.popLast() else { return nil }
        let deadline = now.advanced(by: limits.connectionTimeout)
        connections[free.id] = .leased(Waiter(id: waiter, deadline: deadline))
        return free.id
    }

    /// Somebody needs a connection.
    mutating func request(_ waiter: WaiterID, at now: LoopInstant) -> [Action] {
        if isClosed { return [.dismiss(waiter)] }
        if let free = takeIdle(for: waiter, at: now) { return [.grant(waiter, free)] }
        waiters.append(Waiter(id: waiter, deadline: now.advanced(by: limits.connectionTimeout)))
        return openForWaiters(at: now)
    }

    /// Somebody no longer waits. Who has been granted a connection already gives it back by `returned`.
    mutating func abandon(_ waiter: WaiterID) -> [Action] {
        waiters.removeAll { $0.id == waiter }
        return withdrawSurplus()
    }

    /// There is leave to open a connection. If the answer holds no action, the leave is no longer needed.
    mutating func allowed(_ id: ConnectionID, at now: LoopInstant) -> [Action] {
        guard connections[id] == .asking, let index = asking.firstIndex(of: id) else { return [] }
        asking.remove(at: index)
        connections[id] = .opening
        openingCount += 1
        return [.open(id)]
    }

    /// A connection is open.
    mutating func opened(_ id: ConnectionID, at now: LoopInstant) -> [Action] {
        guard connections[id] == .opening else { return impossible() }
        openingCount -= 1
        pauses.succeeded()
        if isClosed {
            connections[id] = nil
            return [.close(id)]
        }
        // While the server was away, only this one was tried.
        return lend(id, at: now) + openForWaiters(at: now)
    }

    /// A connection could not be opened, or there is no leave to.
    ///
    /// While others are lent, those who wait go on waiting for them; without any hope left they are all refused, for
    /// they would only find out the same.
    mutating func openFailed(_ id: ConnectionID, at now: LoopInstant) -> [Action] {
        switch connections[id] {
        case .opening: openingCount -= 1
        case .asking: asking.removeAll { $0 == id }
        case nil where limits.needsLeave: return []  // Withdrawn, and answered all the same.
        default: return impossible()
        }
        connections[id] = nil
        if isClosed { return [] }
        pauses.failed(isShort: connections.count < limits.minimum, at: now)
        guard connections.isEmpty else { return [] }
        defer { waiters = [] }
        return waiters.map { .refuse($0.id) }
    }

    /// A connection comes back; it is closed unless it can be used again.
    mutating func returned(_ id: ConnectionID, isUsable: Bool, at now: LoopInstant) -> [Action] {
        guard case .leased = connections[id] else { return impossible() }
        if isUsable && !isClosed { return lend(id, at: now) }
        connections[id] = nil
        return [.close(id)] + openForWaiters(at: now) + (isClosed || pauses.isFailing ? [] : fill())
    }

    /// A connection that was just granted is dead: it is closed, and its waiter is the first to get the next one.
    mutating func lost(_ id: ConnectionID, at now: LoopInstant) -> [Action] {
        guard case .leased(let waiter) = connections[id] else { return impossible() }
        connections[id] = nil
        if isClosed { return [.close(id), .dismiss(waiter.id)] }
        if let free = idle.popLast() {
            connections[free.id] = .leased(waiter)
            return [.close(id), .grant(waiter.id, free.id)]
        }
        waiters.insert(waiter, at: 0)
        return [.close(id)] + openForWaiters(at: now)
    }

    /// Somebody else needs connections: the oldest of those that are free is closed. Nil if none is free.
    mutating func giveUpIdle() -> Action? {
        guard !idle.isEmpty else { return nil }
        let oldest = idle.removeFirst()
        connections[oldest.id] = nil
        return .close(oldest.id)
    }

    /// The pool ends: who waits is dismissed, what is free is closed, what is lent is closed when it comes back.
    mutating func close() -> [Action] {
        guard !isClosed else { return [] }
        isClosed = true
        pauses.forgetRefill()
        var actions: [Action] = waiters.map { .dismiss($0.id) }
        for id in asking {
            connections[id] = nil
            actions.append(.withdraw(id))
        }
        for free in idle {
            connections[free.id] = nil
            actions.append(.close(free.id))
        }
        waiters = []
        asking = []
        idle = []
        return actions
    }

    // MARK: Time

    /// When `tick` must be called next; nil for not at all. It may become earlier by any event.
    var nextTick: LoopInstant? {
        var next = pauses.refill
        if let first = waiters.first {
            next = min(next ?? first.deadline, first.deadline)
            // What is due already waits for an attempt under way.
            if let trial = pauses.trial, connections.count < limits.maximum, openingCount + asking.count == 0 {
                next = min(next ?? trial, trial)
            }
        }
        if connections.count > floor, let oldest = idle.first {
            let end = oldest.since.advanced(by: limits.idleTimeout)
            next = min(next ?? end, end)
        }
        return next
    }

    /// Time has passed.
    mutating func tick(at now: LoopInstant) -> [Action] {
        var actions: [Action] = []
        // Without a connection, and none lacking others' leave, it is the server that keeps them waiting.
        let isUnreached = asking.isEmpty && connections.count == openingCount
        while let first = waiters.first, first.deadline <= now {
            waiters.removeFirst()
            actions.append(isUnreached ? .refuse(first.id) : .timeOut(first.id))
        }
        if !actions.isEmpty { actions += withdrawSurplus() }
        while connections.count > floor, let oldest = idle.first,
            oldest.since.advanced(by: limits.idleTimeout) <= now
        {
            idle.removeFirst()
            connections[oldest.id] = nil
            actions.append(.close(oldest.id))
        }
        actions += openForWaiters(at: now)
        if pauses.takeRefill(at: now) { actions += fill() }
        return actions
    }

    // MARK: Rules

    /// So many are not closed for want of use.
    private var floor: Int { max(limits.minimum, kept) }

    private mutating func lend(_ id: ConnectionID, at now: LoopInstant) -> [Action] {
        if waiters.isEmpty {
            connections[id] = .idle
            idle.append((id, now))
            return []
        }
        let first = waiters.removeFirst()
        connections[id] = .leased(first)
        return [.grant(first.id, id)] + withdrawSurplus()
    }

    private mutating func openForWaiters(at now: LoopInstant) -> [Action] {
        guard !waiters.isEmpty, pauses.mayTry(at: now) else { return [] }
        let most = pauses.isFailing ? 1 : waiters.count
        var actions: [Action] = []
        while most > openingCount + asking.count, connections.count < limits.maximum { actions.append(open()) }
        return actions
    }

    private mutating func fill() -> [Action] {
        var actions: [Action] = []
        while connections.count < limits.minimum { actions.append(open()) }
        return actions
    }

    /// Leave that nobody here needs any more is left to others, the last asked first.
    private mutating func withdrawSurplus() -> [Action] {
        if asking.isEmpty { return [] }
        let lacking = limits.minimum - (connections.count - asking.count)
        let needed = max(waiters.count - openingCount, lacking, 0)
        var actions: [Action] = []
        while asking.count > needed {
            let id = asking.removeLast()
            connections[id] = nil
            actions.append(.withdraw(id))
        }
        return actions
    }

    private mutating func open() -> Action {
        lastConnection += 1
        let id = ConnectionID(rawValue: lastConnection)
        if limits.needsLeave {
            connections[id] = .asking
            asking.append(id)
            return .ask(id)
        }
        connections[id] = .opening
        openingCount += 1
        return .open(id)
    }

    private mutating func impossible() -> [Action] {
        impossibleEvents += 1
        return []
    }
}
