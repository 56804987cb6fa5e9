import WireProtocol

// Workers: everything between an invocation and the process that answers it. It knows pools, processes, sockets and
// frames. It must not know HTTP connections, routes or policies: those ask it through `Invoker`.

/// A function's pool of workers as a plain value: invocations and workers' events in, actions out.
///
/// It owns no process, socket, clock or lock; the shell tells it what happened and does what it says. Slots are dense
/// and used again, so that an invocation in the steady state allocates nothing. All deadlines are the same time after
/// their hand-over, hence their order is the order of hand-over, and one timer serves them all.
struct PoolMachine: Sendable {
    let settings: PoolSettings
    /// How many event loops there are.
    let loops: Int
    let rule: NeededWorkers
    /// `settings.timeout` and `settings.idle` in nanoseconds, for they are needed with each request.
    let timeout: UInt64
    let idle: UInt64

    var requests: [RequestRecord] = []
    var freeRequests: [Int] = []
    /// Invocations that no worker has seen, in the order they came.
    var waiting = LinkedOrder()
    /// Invocations whose worker is gone, which go before all others.
    var returned = LinkedOrder()
    /// Invocations with a deadline, in the order of first hand-over.
    var deadlines = LinkedOrder()

    var workers: [WorkerRecord]
    var lastNumber = 0
    var backoff = RestartBackoff()
    /// When `timer` is to be called, as far as the shell knows.
    var armed: Instant?
    /// The end of the grace; nil while the pool is open.
    var closesAt: Instant?
    /// Whether `closed` was said.
    var isClosed = false

    /// Starts that were asked for by now.
    private(set) var starts = 0
    /// Events that cannot be, by what is known; each was ignored.
    var impossible = 0

    /// A pool without workers, whose sockets will be spread over so many event loops.
    init(settings: PoolSettings, loops: Int = 1) {
        self.settings = settings
        self.loops = Swift.max(loops, 1)
        rule = NeededWorkers(
            min: settings.min, max: settings.max, concurrency: settings.concurrency, target: settings.target)
        timeout = settings.timeout.nanoseconds
        idle = settings.idle.nanoseconds
        workers = Array(repeating: WorkerRecord(), count: rule.max * 2)
    }

    /// Whether new invocations are refused because the pool is being closed.
    var isClosing: Bool { closesAt != nil }

    /// How many invocations wait for a worker.
    var queued: Int { waiting.count + returned.count }

    /// How many workers are in this state.
    func count(_ state: WorkerRecord.State) -> Int {
        workers.reduce(0) { $0 + ($1.state == state ? 1 : 0) }
    }

    /// The key of the worker in this slot.
    func key(_ index: Int) -> WorkerKey { WorkerKey(index: index, number: workers[index].number) }

    /// The key of the invocation in this slot.
    func key(request index: Int) -> InvocationKey {
        InvocationKey(index: index, generation: requests[index].generation)
    }

    /// Whether the key names a worker that is still known.
    func isKnown(_ worker: WorkerKey) -> Bool {
        workers.indices.contains(worker.index) && workers[worker.index].number == worker.number
            && workers[worker.index].state != .free
    }

    /// Whether the key names an invocation that has not ended.
    func isKnown(_ key: InvocationKey) -> Bool {
        requests.indices.contains(key.index) && requests[key.index].generation == key.generation
            && requests[key.index].phase != .free
    }

    /// Starts the `min` workers.
    mutating func start(at now: Instant, _ actions: inout [PoolAction]) {
        startWorkers(near: 0, at: now, &actions)
    }

    /// Refuses new invocations from now on, lets what is there finish within `grace`, then ends the workers.
    mutating func close(grace: Duration, at now: Instant, _ actions: inout [PoolAction]) {
        let end = now + grace
        if let closesAt, closesAt <= end { return }
        closesAt = end
        arm(end, &actions)
        closeStep(at: now, &actions)
    }

    /// Asks for a call of `timer` at that time unless an earlier one is due anyway.
    mutating func arm(_ time: Instant, _ actions: inout [PoolAction]) {
        if let armed, armed <= time { return }
        armed = time
        actions.append(.arm(time))
    }

    /// Says when worker `index` needs a look.
    mutating func watch(_ index: Int, until time: Instant, _ actions: inout [PoolAction]) {
        workers[index].due = time
        arm(time, &actions)
    }

    // MARK: Starting workers

    /// Starts as many workers as the load needs beyond those that serve or start, within the limits.
    mutating func startWorkers(near loop: Int, at now: Instant, _ actions: inout [PoolAction]) {
        if isClosing, queued == 0 { return }
        var serving = 0
        var starting = 0
        var held = 0
        var slot: Int?
        for index in workers.indices {
            switch workers[index].state {
            case .serving:
                serving += 1
                held += workers[index].held
            case .starting: starting += 1
            case .free: if slot == nil { slot = index }
            case .draining, .stuck, .ending: break
            }
        }
        let load = held + queued
        let needed = isClosing ? Swift.min((load + rule.share - 1) / rule.share, rule.max) : rule.count(load: load)
        guard needed > serving + starting else { return }
        guard backoff.permits(at: now) else {
            if let until = backoff.until { arm(until, &actions) }
            return
        }
        while needed > serving + starting, starting < Swift.max(settings.startsAtOnce, 1), let free = slot {
            spawn(free, near: loop, at: now, &actions)
            starting += 1
            slot = workers.indices.first { workers[$0].state == .free }
        }
    }

    private mutating func spawn(_ index: Int, near loop: Int, at now: Instant, _ actions: inout [PoolAction]) {
        lastNumber += 1
        starts += 1
        workers[index] = WorkerRecord()
        workers[index].number = lastNumber
        workers[index].loop = leastLoadedLoop(near: loop)
        workers[index].state = .starting
        workers[index].since = now
        workers[index].hasLink = true
        workers[index].hasProcess = true
        actions.append(.spawn(key(index), loop: workers[index].loop))
        watch(index, until: now + settings.start, &actions)
    }

    /// The loop with the fewest workers of this pool; among equals the one where the request came from.
    private func leastLoadedLoop(near loop: Int) -> Int {
        guard loops > 1 else { return 0 }
        var best = loop % loops
        var fewest = Int.max
        for step in 0..<loops {
            let candidate = (loop + step) % loops
            let count = workers.reduce(0) {
                $0 + ($1.state == .serving || $1.state == .starting ? ($1.loop == candidate ? 1 : 0) : 0)
            }
            if count < fewest {
                fewest = count
                best = candidate
            }
        }
        return best
    }
}
