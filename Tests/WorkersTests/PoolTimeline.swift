import WireProtocol

@testable import Workers

/// A pool's machine under a clock that only the test moves, with short words for what happens.
struct PoolTimeline {
    var machine: PoolMachine
    var now = Instant(nanoseconds: 1_000_000_000)

    init(loops: Int = 1, _ change: (inout PoolSettings) -> Void = { _ in }) {
        var settings = PoolSettings()
        settings.concurrency = 2
        settings.target = 1
        settings.startsAtOnce = 4
        change(&settings)
        machine = PoolMachine(settings: settings, loops: loops)
    }

    mutating func pass(_ time: Duration) { now = now + time }

    /// Lets time pass and calls the timer.
    mutating func wait(_ time: Duration) -> [PoolAction] {
        pass(time)
        return act { $0.timer(at: $1, &$2) }
    }

    mutating func act(_ event: (inout PoolMachine, Instant, inout [PoolAction]) -> Void) -> [PoolAction] {
        var actions: [PoolAction] = []
        event(&machine, now, &actions)
        return actions.filter { if case .arm = $0 { false } else { true } }
    }

    mutating func invoke(
        safe: Bool = true, loop: Int = 0
    ) -> (key: InvocationKey?, failure: PoolFailure?, actions: [PoolAction]) {
        var key: InvocationKey?
        var failure: PoolFailure?
        let actions = act { machine, now, actions in
            do throws(PoolFailure) {
                key = try machine.invoke(isSafe: safe, loop: loop, at: now, &actions)
            } catch {
                failure = error
            }
        }
        return (key, failure, actions)
    }

    /// Invokes where it must be accepted.
    mutating func accepted(safe: Bool = true, loop: Int = 0) -> InvocationKey {
        invoke(safe: safe, loop: loop).key ?? InvocationKey(index: -1, generation: 0)
    }

    mutating func start() -> [PoolAction] { act { $0.start(at: $1, &$2) } }
    mutating func ready(_ worker: WorkerKey) -> [PoolAction] { act { $0.ready(worker, at: $1, &$2) } }
    mutating func pong(_ worker: WorkerKey) -> [PoolAction] { act { $0.pong(worker, at: $1, &$2) } }
    mutating func exited(_ worker: WorkerKey) -> [PoolAction] { act { $0.exited(worker, at: $1, &$2) } }

    mutating func replied(_ key: InvocationKey, _ worker: WorkerKey) -> (wanted: Bool, actions: [PoolAction]) {
        var wanted = false
        let actions = act { wanted = $0.replied(key, from: worker, at: $1, &$2) }
        return (wanted, actions)
    }

    mutating func cancel(_ key: InvocationKey) -> (wanted: Bool, actions: [PoolAction]) {
        var wanted = false
        let actions = act { wanted = $0.cancel(key, at: $1, &$2) }
        return (wanted, actions)
    }

    mutating func closed(_ worker: WorkerKey, written: [InvocationKey] = [], orderly: Bool = false) -> [PoolAction] {
        act { $0.linkClosed(worker, written: written, isOrderly: orderly, at: $1, &$2) }
    }

    /// The worker's process and link end together.
    mutating func dies(_ worker: WorkerKey, written: [InvocationKey] = []) -> [PoolAction] {
        closed(worker, written: written) + exited(worker)
    }

    mutating func violates(_ worker: WorkerKey, written: [InvocationKey] = []) -> [PoolAction] {
        act { $0.violated(worker, written: written, at: $1, &$2) }
    }

    mutating func startFailed(
        _ worker: WorkerKey, _ reason: StartFailure = .refused, hasProcess: Bool = true
    ) -> [PoolAction] {
        act { $0.startFailed(worker, reason, hasProcess: hasProcess, at: $1, &$2) }
    }

    mutating func close(grace: Duration) -> [PoolAction] { act { $0.close(grace: grace, at: $1, &$2) } }

    /// A pool with so many workers ready, started by requests that were then answered.
    static func serving(
        _ count: Int, loops: Int = 1, _ change: (inout PoolSettings) -> Void = { _ in }
    ) -> PoolTimeline {
        var timeline = PoolTimeline(loops: loops, change)
        var keys: [InvocationKey] = []
        while timeline.machine.starts < count { keys.append(timeline.accepted(loop: keys.count % loops)) }
        var given: [PoolAction] = []
        for index in 0..<count { given += timeline.ready(PoolTimeline.worker(index)) }
        for case .dispatch(let key, let worker, _, _) in given { _ = timeline.replied(key, worker) }
        return timeline
    }

    /// The `index`-th worker of a pool in which none has been replaced.
    static func worker(_ index: Int) -> WorkerKey { WorkerKey(index: index, number: index + 1) }
}

extension [PoolAction] {
    /// The workers to be started.
    var spawned: [WorkerKey] { compactMap { if case .spawn(let worker, _) = $0 { worker } else { nil } } }
    /// The worker of each dispatch.
    var dispatched: [WorkerKey] { compactMap { if case .dispatch(_, let worker, _, _) = $0 { worker } else { nil } } }
    /// What each invocation that failed got.
    var failures: [PoolFailure] { compactMap { if case .fail(_, let failure, _) = $0 { failure } else { nil } } }
}
