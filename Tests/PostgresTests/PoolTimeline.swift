import WorkerLoop

@testable import Postgres

/// A pool's machine with a clock that stands still until it is told otherwise.
struct PoolTimeline {
    var machine: PoolMachine
    private(set) var now = LoopInstant(nanoseconds: 1_000_000_000_000)

    init(
        minimum: Int = 0, maximum: Int = 2, idleTimeout: Duration = .seconds(30),
        timeout: Duration = .seconds(2), needsLeave: Bool = false
    ) {
        machine = PoolMachine(
            PoolLimits(
                minimum: minimum, maximum: maximum, idleTimeout: idleTimeout, connectionTimeout: timeout,
                needsLeave: needsLeave))
    }

    mutating func start() -> [PoolMachine.Action] { machine.start(at: now) }
    mutating func request(_ waiter: Int) -> [PoolMachine.Action] {
        machine.request(.init(rawValue: waiter), at: now)
    }
    mutating func abandon(_ waiter: Int) -> [PoolMachine.Action] { machine.abandon(.init(rawValue: waiter)) }
    mutating func allowed(_ id: Int) -> [PoolMachine.Action] { machine.allowed(.init(rawValue: id), at: now) }
    mutating func giveUpIdle() -> PoolMachine.Action? { machine.giveUpIdle() }
    mutating func opened(_ id: Int) -> [PoolMachine.Action] { machine.opened(.init(rawValue: id), at: now) }
    mutating func openFailed(_ id: Int) -> [PoolMachine.Action] {
        machine.openFailed(.init(rawValue: id), at: now)
    }
    mutating func returned(_ id: Int, usable: Bool = true) -> [PoolMachine.Action] {
        machine.returned(.init(rawValue: id), isUsable: usable, at: now)
    }
    mutating func lost(_ id: Int) -> [PoolMachine.Action] { machine.lost(.init(rawValue: id), at: now) }
    mutating func close() -> [PoolMachine.Action] { machine.close() }

    /// Time passes, and the machine is told.
    mutating func pass(_ duration: Duration) -> [PoolMachine.Action] {
        now = now.advanced(by: duration)
        return machine.tick(at: now)
    }

    /// How long it is until the machine wants to be told of the time.
    var untilTick: Duration? { machine.nextTick.map { now.duration(to: $0) } }
}

extension PoolMachine.Action {
    static func ask(_ id: Int) -> Self { .ask(.init(rawValue: id)) }
    static func withdraw(_ id: Int) -> Self { .withdraw(.init(rawValue: id)) }
    static func open(_ id: Int) -> Self { .open(.init(rawValue: id)) }
    static func close(_ id: Int) -> Self { .close(.init(rawValue: id)) }
    static func grant(_ waiter: Int, _ id: Int) -> Self {
        .grant(.init(rawValue: waiter), .init(rawValue: id))
    }
    static func timeOut(_ waiter: Int) -> Self { .timeOut(.init(rawValue: waiter)) }
    static func refuse(_ waiter: Int) -> Self { .refuse(.init(rawValue: waiter)) }
    static func dismiss(_ waiter: Int) -> Self { .dismiss(.init(rawValue: waiter)) }
}
