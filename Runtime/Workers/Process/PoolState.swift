import NIOCore
import WireProtocol

/// What a pool's lock guards: the machine, and what its keys stand for.
struct PoolState {
    /// An invocation that has not ended.
    struct Request {
        var pending: PendingInvocation?
        /// Whether it waited for its worker's start.
        var isCold = false
    }

    /// A worker that is not gone, and what is known of its end.
    struct Worker {
        var link: WorkerLink
        var reason: String?
        var exit: ProcessExit?
        var output = ""
        /// Whether its end was told to the observer.
        var isTold = false

        var identity: WorkerIdentity { link.identity }
    }

    var machine: PoolMachine
    var actions: [PoolAction] = []
    var requests: [Request] = []
    var workers: [Worker?]
    var timer: Scheduled<Void>?
    var closers: [@Sendable () -> Void] = []
    /// How long answered invocations took.
    var latency = LatencyHistogram()
    /// Workers that became ready.
    var coldStarts = 0
    /// Workers that ended unasked.
    var crashes = 0
    /// Starts that failed.
    var failedStarts = 0
    /// Requests that were tried a second time.
    var retries = 0

    init(machine: PoolMachine) {
        self.machine = machine
        workers = Array(repeating: nil, count: machine.workers.count)
    }

    /// Remembers what a key stands for.
    mutating func keep(_ pending: PendingInvocation, as key: InvocationKey) {
        while requests.count <= key.index { requests.append(Request()) }
        requests[key.index] = Request(pending: pending)
    }

    /// Takes out what a key stands for.
    mutating func take(_ key: InvocationKey) -> Request {
        guard requests.indices.contains(key.index) else { return Request() }
        let found = requests[key.index]
        requests[key.index].pending = nil
        return found
    }

    /// Turns the machine's actions into effects.
    mutating func resolve(_ pool: Pool, into effects: PoolEffects) {
        guard !actions.isEmpty else { return }
        var taken: [PoolAction] = []
        swap(&taken, &actions)
        for action in taken { resolve(action, pool, effects) }
        taken.removeAll(keepingCapacity: true)
        swap(&taken, &actions)
    }

    private mutating func resolve(_ action: PoolAction, _ pool: Pool, _ effects: PoolEffects) {
        switch action {
        case .dispatch(let key, let worker, let milliseconds, let cold):
            guard let link = workers[worker.index]?.link, let pending = requests[key.index].pending else { return }
            requests[key.index].isCold = cold
            effects.messages.append(.dispatch(link, key, pending, milliseconds: milliseconds))
        case .cancel(let key, let worker, let reason):
            if let link = workers[worker.index]?.link { effects.messages.append(.cancel(link, key, reason)) }
        case .ping(let worker):
            if let link = workers[worker.index]?.link { effects.messages.append(.ping(link)) }
        case .drain(let worker):
            if let link = workers[worker.index]?.link { effects.messages.append(.drain(link)) }
        case .spawn(let worker, let loop):
            let link = WorkerLink(worker, pool: pool, port: pool.host.ports[loop])
            workers[worker.index] = Worker(link: link)
            effects.messages.append(.launch(link))
        case .terminate(let worker), .kill(let worker):
            guard let link = workers[worker.index]?.link else { return }
            let isKill = action == .kill(worker)
            effects.signals.append(
                PoolEffects.Signal(spawner: pool.host.spawner, token: link.token, isKill: isKill))
        case .fail(let key, let failure, let worker):
            let request = take(key)
            guard let pending = request.pending else { return }
            let link = worker.flatMap { workers[$0.index]?.link }
            effects.messages.append(
                .failed(
                    pending, failure.error(cause: link.map { "\(failure): \($0.identity)" }),
                    link?.stamp(isCold: request.isCold)))
        case .arm(let time): pool.arm(time, &timer)
        case .closed:
            timer?.cancel()
            timer = nil
            effects.closers += closers
            closers = []
        case .retried, .started, .startFailed, .crashed, .stuck, .clogged, .gone: report(action, pool, effects)
        }
    }

    /// Tells the observer.
    private mutating func report(_ action: PoolAction, _ pool: Pool, _ effects: PoolEffects) {
        effects.observer = pool.host.observer
        switch action {
        case .retried(let key, let worker):
            retries += 1
            guard let pending = requests[key.index].pending, let found = workers[worker.index] else { return }
            effects.events.append(.retried(pending.invocation.requestID, found.identity))
        case .started(let worker, let time):
            coldStarts += 1
            guard let found = workers[worker.index] else { return }
            effects.events.append(.started(found.identity, after: time))
        case .startFailed(let worker, let failure):
            failedStarts += 1
            guard let found = workers[worker.index] else { return }
            workers[worker.index]?.isTold = true
            effects.events.append(
                .startFailed(
                    found.identity, reason: found.reason ?? failure.description, exit: found.exit,
                    output: found.output))
        case .crashed(let worker, let holding):
            crashes += 1
            guard let found = workers[worker.index] else { return }
            workers[worker.index]?.isTold = true
            effects.events.append(
                .crashed(found.identity, exit: found.exit ?? .unknown, holding: holding, output: found.output))
        case .stuck(let worker):
            guard let found = workers[worker.index] else { return }
            effects.events.append(.stuck(found.identity))
        case .clogged(let worker, let count):
            guard let found = workers[worker.index] else { return }
            effects.events.append(.clogged(found.identity, by: count))
        case .gone(let worker):
            guard let found = workers[worker.index] else { return }
            workers[worker.index] = nil
            if !found.isTold { effects.events.append(.stopped(found.identity, exit: found.exit ?? .unknown)) }
        default: break
        }
    }
}

extension StartFailure {
    /// What happened, for the log.
    var description: String {
        switch self {
        case .spawn: "no process could be made"
        case .refused: "its start failed"
        case .ended: "it ended before it was ready"
        case .tooSlow: "it was not ready in time"
        case .protocolViolation: "it broke the wire protocol"
        }
    }
}

extension WorkerIdentity: CustomStringConvertible {
    /// The worker in words: `ListUsers worker 3 (pid 4711)`.
    public var description: String { "\(function) worker \(number) (pid \(pid))" }
}
