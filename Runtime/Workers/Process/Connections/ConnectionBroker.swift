import NIOCore
import Synchronization
import WireProtocol

/// The budget of database connections over the workers of all pools: the shell around `ConnectionBudget`.
///
/// All decisions are taken on one event loop, so that what a worker is told comes in the order of the decisions; they
/// are as rare as connections that are opened or closed.
///
/// `@unchecked Sendable`: everything but `known` (a lock of its own) is touched on `home`'s event loop only.
final class ConnectionBroker: @unchecked Sendable {
    /// The loop of the decisions.
    let home: LoopPort
    private var budget: ConnectionBudget
    private var actions: [BudgetAction] = []
    private var links: [LeaseHolder: WorkerLink] = [:]
    private var timer: Scheduled<Void>?
    /// What other threads may know.
    private let known: Mutex<Known>

    private struct Known {
        var limits: ConnectionLimits?
        var status: ConnectionStatus?
    }

    init(_ limits: ConnectionLimits?, home: LoopPort) {
        self.home = home
        budget = ConnectionBudget(limits)
        known = Mutex(Known(limits: limits, status: budget.status))
    }

    /// What a worker is told at its start; nil where there is no database. From any thread.
    var settings: LeaseSettings? { known.withLock { $0.limits?.wire } }

    /// The numbers at the moment; nil where there is no database. From any thread.
    var status: ConnectionStatus? { known.withLock { $0.status } }

    /// Sets other limits. From any thread; they hold a moment later.
    func change(_ limits: ConnectionLimits?) {
        known.withLock { $0.limits = limits }
        home.eventLoop.execute { self.decide { $0.change(limits, at: $1, &$2) } }
    }

    /// Something happened to a worker; on `home`'s loop.
    func happened(_ event: LeaseEvent, to link: WorkerLink) {
        let holder = link.leaseHolder
        switch event {
        case .asked(let frame):
            links[holder] = link
            let key = LeaseKey(holder: holder, number: frame.lease)
            decide { $0.asked(key, idle: Int(frame.idle), at: $1, &$2) }
        case .returned(let frame):
            decide { $0.returned(holder, frame.leases, idle: Int(frame.idle), at: $1, &$2) }
        case .silenced: decide { $0.silenced(holder, at: $1, &$2) }
        case .gone:
            links[holder] = nil
            decide { $0.gone(holder, at: $1, &$2) }
        }
    }

    private func decide(_ event: (inout ConnectionBudget, Instant, inout [BudgetAction]) -> Void) {
        event(&budget, .now(), &actions)
        var taken: [BudgetAction] = []
        swap(&taken, &actions)
        for action in taken { perform(action) }
        taken.removeAll(keepingCapacity: true)
        swap(&taken, &actions)
        let status = budget.status
        known.withLock { $0.status = status }
    }

    private func perform(_ action: BudgetAction) {
        switch action {
        case .answer(let key, let outcome):
            guard let link = links[key.holder] else { return }
            home.hand(.lease(link, .answer(LeaseGrantFrame(lease: key.number, outcome: outcome))))
        case .recall(let holder, let frame):
            if let link = links[holder] { home.hand(.lease(link, .recall(frame))) }
        case .arm(let time):
            timer?.cancel()
            let left = TimeAmount.nanoseconds(Int64(clamping: time.since(.now()).nanoseconds))
            timer = home.eventLoop.scheduleTask(in: left) { self.decide { $0.timer(at: $1, &$2) } }
        }
    }
}
