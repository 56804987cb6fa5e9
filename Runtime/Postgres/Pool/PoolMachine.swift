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
        /// Open a connection, and report `opened` or `openFailed`.
        case open(ConnectionID)
        /// Close a connection; nothing is reported.
        case close(ConnectionID)
        /// Give the waiter this connection; it comes back by `returned`, or by `lost` if it turns out to be dead.
        case grant(WaiterID, ConnectionID)
        /// Tell the waiter that no connection became free in time.
        case timeOut(WaiterID)
        /// Tell the waiter that the server cannot be reached.
        case refuse(WaiterID)
        /// Tell the waiter that the pool is closed.
        case dismiss(WaiterID)
    }

    struct Waiter: Equatable, Sendable {
        var id: WaiterID
        var deadline: LoopInstant
    }

    enum ConnectionState: Equatable, Sendable {
        /// Being opened. Exits: `opened` to idle or leased, `openFailed` to the end.
        case opening
        /// Open and free. Exits: a grant to leased; its idle timeout, or the pool's closing, to the end.
        case idle
        /// Lent. Exits: `returned` to idle, to the next waiter, or to the end; `lost` to the end.
        case leased(Waiter)
    }

    /// The first and the longest pause before the minimum is filled up again after a failure.
    static let firstPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(30)

    let limits: PoolLimits
    private(set) var connections: [ConnectionID: ConnectionState] = [:]
    /// The free connections with the time of their last use, the oldest first.
    private(set) var idle: [(id: ConnectionID, since: LoopInstant)] = []
    private(set) var waiters: [Waiter] = []
    private(set) var isClosed = false
    private(set) var impossibleEvents = 0
    private var openingCount = 0
    private var lastConnection = 0
    private var pause: Duration?
    private var refill: LoopInstant?

    init(_ limits: PoolLimits) {
        self.limits = limits
    }

    /// When `tick` must be called next; nil for not at all. It may become earlier by any event.
    var nextTick: LoopInstant? {
        var next = refill
        if let first = waiters.first { next = min(next ?? first.deadline, first.deadline) }
        if connections.count > limits.minimum, let oldest = idle.first {
            let end = oldest.since.advanced(by: limits.idleTimeout)
            next = min(next ?? end, end)
        }
        return next
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
        return openForWaiters()
    }

    /// Somebody no longer waits. Who has been granted a connection already gives it back by `returned`.
    mutating func abandon(_ waiter: WaiterID) {
        waiters.removeAll { $0.id == waiter }
    }

    /// A connection is open.
    mutating func opened(_ id: ConnectionID, at now: LoopInstant) -> [Action] {
        guard connections[id] == .opening else { return impossible() }
        openingCount -= 1
        pause = nil
        refill = nil
        if isClosed {
            connections[id] = nil
            return [.close(id)]
        }
        return lend(id, at: now)
    }

    /// A connection could not be opened.
    ///
    /// While others are lent, those who wait go on waiting for them; without any hope left they are all refused, for
    /// they would only find out the same.
    mutating func openFailed(_ id: ConnectionID, at now: LoopInstant) -> [Action] {
        guard connections[id] == .opening else { return impossible() }
        openingCount -= 1
        connections[id] = nil
        if isClosed { return [] }
        if connections.count < limits.minimum {
            let next = min(pause.map { $0 * 2 } ?? Self.firstPause, Self.longestPause)
            pause = next
            refill = now.advanced(by: next)
        }
        guard connections.isEmpty else { return [] }
        defer { waiters = [] }
        return waiters.map { .refuse($0.id) }
    }

    /// A connection comes back; it is closed unless it can be used again.
    mutating func returned(_ id: ConnectionID, isUsable: Bool, at now: LoopInstant) -> [Action] {
        guard case .leased = connections[id] else { return impossible() }
        if isUsable && !isClosed { return lend(id, at: now) }
        connections[id] = nil
        return [.close(id)] + openForWaiters() + (isClosed || refill != nil ? [] : fill())
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
        return [.close(id)] + openForWaiters()
    }

    /// Time has passed.
    mutating func tick(at now: LoopInstant) -> [Action] {
        var actions: [Action] = []
        while let first = waiters.first, first.deadline <= now {
            waiters.removeFirst()
            actions.append(.timeOut(first.id))
        }
        while connections.count > limits.minimum, let oldest = idle.first,
            oldest.since.advanced(by: limits.idleTimeout) <= now
        {
            idle.removeFirst()
            connections[oldest.id] = nil
            actions.append(.close(oldest.id))
        }
        if let due = refill, due <= now {
            refill = nil
            actions += fill()
        }
        return actions
    }

    /// The pool ends: who waits is dismissed, what is free is closed, what is lent is closed when it comes back.
    mutating func close() -> [Action] {
        guard !isClosed else { return [] }
        isClosed = true
        refill = nil
        var actions: [Action] = waiters.map { .dismiss($0.id) }
        for free in idle {
            connections[free.id] = nil
            actions.append(.close(free.id))
        }
        waiters = []
        idle = []
        return actions
    }

    // MARK: Rules

    private mutating func lend(_ id: ConnectionID, at now: LoopInstant) -> [Action] {
        if waiters.isEmpty {
            connections[id] = .idle
            idle.append((id, now))
            return []
        }
        let first = waiters.removeFirst()
        connections[id] = .leased(first)
        return [.grant(first.id, id)]
    }

    private mutating func openForWaiters() -> [Action] {
        var actions: [Action] = []
        while waiters.count > openingCount, connections.count < limits.maximum { actions.append(open()) }
        return actions
    }

    private mutating func fill() -> [Action] {
        var actions: [Action] = []
        while connections.count < limits.minimum { actions.append(open()) }
        return actions
    }

    private mutating func open() -> Action {
        lastConnection += 1
        let id = ConnectionID(rawValue: lastConnection)
        connections[id] = .opening
        openingCount += 1
        return .open(id)
    }

    private mutating func impossible() -> [Action] {
        impossibleEvents += 1
        return []
    }
}
