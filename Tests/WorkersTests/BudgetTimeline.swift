import WireProtocol

@testable import Workers

/// The budget's machine under a clock that only the test moves; workers are letters, leases their own numbers.
struct BudgetTimeline {
    var budget: ConnectionBudget
    var now = Instant(nanoseconds: 1_000_000_000)
    /// What the machine asked to be woken for last.
    var armed: Instant?

    /// A budget of so many connections; a wait of 2 s, a turn of 100 ms, a patience of 50 ms.
    init(_ connections: Int?, keeping kept: Int = 0) {
        budget = ConnectionBudget(connections.map { ConnectionLimits(connections: $0, minConnections: kept) })
    }

    mutating func ask(_ worker: Character, _ lease: UInt64, idle: Int = 0) -> [BudgetAction] {
        act { $0.asked(.init(worker, lease), idle: idle, at: $1, &$2) }
    }

    mutating func give(_ worker: Character, _ leases: UInt64..., idle: Int = 0) -> [BudgetAction] {
        act { $0.returned(.init(worker), leases, idle: idle, at: $1, &$2) }
    }

    mutating func says(_ worker: Character, idle: Int) -> [BudgetAction] {
        act { $0.returned(.init(worker), [], idle: idle, at: $1, &$2) }
    }

    mutating func hangsUp(_ worker: Character) -> [BudgetAction] { act { $0.silenced(.init(worker), at: $1, &$2) } }
    mutating func dies(_ worker: Character) -> [BudgetAction] { act { $0.gone(.init(worker), at: $1, &$2) } }

    mutating func change(_ connections: Int?, keeping kept: Int = 0) -> [BudgetAction] {
        act { budget, now, actions in
            let limits = connections.map { ConnectionLimits(connections: $0, minConnections: kept) }
            budget.change(limits, at: now, &actions)
        }
    }

    /// Lets time pass and calls the timer.
    mutating func pass(_ time: Duration) -> [BudgetAction] {
        now = now + time
        return act { $0.timer(at: $1, &$2) }
    }

    private mutating func act(
        _ event: (inout ConnectionBudget, Instant, inout [BudgetAction]) -> Void
    ) -> [BudgetAction] {
        var actions: [BudgetAction] = []
        event(&budget, now, &actions)
        for case .arm(let time) in actions { armed = time }
        return actions.filter { if case .arm = $0 { false } else { true } }
    }
}

extension LeaseHolder {
    init(_ worker: Character) { self.init(token: UInt64(worker.asciiValue ?? 0)) }
}

extension LeaseKey {
    init(_ worker: Character, _ number: UInt64) { self.init(holder: LeaseHolder(worker), number: number) }
}

extension BudgetAction {
    static func grant(_ worker: Character, _ lease: UInt64) -> Self { .answer(.init(worker, lease), .granted) }
    static func deny(_ worker: Character, _ lease: UInt64) -> Self { .answer(.init(worker, lease), .timedOut) }
    static func refuse(_ worker: Character, _ lease: UInt64) -> Self { .answer(.init(worker, lease), .refused) }
    static func recall(_ worker: Character, _ wanted: UInt32, keep: UInt32 = 0, returned: UInt64 = 0) -> Self {
        .recall(.init(worker), LeaseRecallFrame(wanted: wanted, kept: keep, returned: returned))
    }
}
