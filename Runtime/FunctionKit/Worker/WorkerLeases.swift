import Synchronization
import WorkerLoop

/// The leases of connections that the gateway gave this worker; asks for more and gives them back over the wire.
///
/// Nothing is written here: `flush` puts what came together into the worker's buffer. Methods may be called from any
/// thread, `flush` and `receive` only from the loop's.
final class WorkerLeases: ConnectionLeases {
    typealias Waiting = CheckedContinuation<ConnectionLeaseID, any Error>

    private enum Order {
        case request(UInt64)
        case giveBack(UInt64)
    }

    private struct State {
        var last: UInt64 = 0
        var waiting: [UInt64: Waiting] = [:]
        var held: Set<UInt64> = []
        /// What the gateway is to hear, in order.
        var orders: [Order] = []
        /// Leases given back that were granted, since the start.
        var returned: UInt64 = 0
        /// Wanted back by the gateway.
        var wanted = 0
        /// Of those, how many a client has promised.
        var promised = 0
        var kept = 0
        var watchers: [@Sendable () -> Void] = []
    }

    private let settings: LeaseSettings
    private let loop: WorkerLoop
    private let state = Mutex(State())
    /// What `takeRecall` may still answer with yes; a copy, so that the answer no costs a load.
    private let open = Atomic<Int>(0)
    private let heldCount = Atomic<Int>(0)
    private let hasOrders = Atomic<Bool>(false)
    /// How many the gateway believes to be idle; only on the loop's thread.
    private let toldIdle = Atomic<Int>(0)
    /// A look at how many are idle is due, or a timer for it runs; only on the loop's thread.
    private let idleLook = Atomic<IdleLook>(.none)

    /// Whether the gateway is to be told how many leases are idle. A number that changes back within the pause is no
    /// news.
    private enum IdleLook: UInt8, AtomicRepresentable {
        /// Nothing changed. Exits: waiting.
        case none
        /// It changed a moment ago. Exits: due.
        case waiting
        /// It is time to tell. Exits: none.
        case due
    }

    private static let idlePause = Duration.milliseconds(20)

    init(_ settings: LeaseSettings, on loop: WorkerLoop) {
        self.settings = settings
        self.loop = loop
    }

    // MARK: For clients

    func lease() async throws -> ConnectionLeaseID {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.last += 1
            return state.last
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { state in
                    state.waiting[id] = continuation
                    state.orders.append(.request(id))
                }
                ordered()
                // The handler may have run before there was anything to take back.
                if Task.isCancelled { withdraw(id) }
            }
        } onCancel: {
            withdraw(id)
        }
    }

    func release(_ lease: ConnectionLeaseID) {
        let isHeld = state.withLock { state in
            guard state.held.remove(lease.rawValue) != nil else { return false }
            state.orders.append(.giveBack(lease.rawValue))
            state.returned += 1
            state.wanted = max(state.wanted - 1, 0)
            state.promised = max(state.promised - 1, 0)
            settle(state)
            return true
        }
        if isHeld { ordered() }
    }

    func takeRecall() -> Bool {
        guard open.load(ordering: .relaxed) > 0 else { return false }
        return state.withLock { state in
            guard state.wanted > state.promised else { return false }
            state.promised += 1
            settle(state)
            return true
        }
    }

    var kept: Int { state.withLock { $0.kept } }

    func whenDemandChanges(_ callback: @escaping @Sendable () -> Void) {
        state.withLock { $0.watchers.append(callback) }
    }

    private func withdraw(_ id: UInt64) {
        let waiting = state.withLock { state in
            let waiting = state.waiting.removeValue(forKey: id)
            if waiting != nil { state.orders.append(.giveBack(id)) }
            return waiting
        }
        guard let waiting else { return }
        ordered()
        waiting.resume(throwing: CancellationError())
    }

    private func ordered() {
        hasOrders.store(true, ordering: .releasing)
        // From elsewhere the loop has to be woken; its own thread comes by `flush` before it waits.
        if !loop.isCurrent { loop.post {} }
    }

    private func settle(_ state: borrowing State) {
        open.store(max(state.wanted - state.promised, 0), ordering: .relaxed)
        heldCount.store(state.held.count, ordering: .relaxed)
    }

    // MARK: For the shell

    /// Adds what the gateway is to hear. `running` requests have a handler: leases beyond them are taken to be idle.
    func flush(into out: inout FrameBuffer, running: Int) {
        let idle = max(heldCount.load(ordering: .relaxed) - running, 0)
        if hasOrders.exchange(false, ordering: .acquiringAndReleasing) {
            let orders = state.withLock { state in
                defer { state.orders = [] }
                return state.orders
            }
            toldIdle.store(idle, ordering: .relaxed)
            write(orders, UInt32(clamping: idle), into: &out)
            return
        }
        switch idleLook.load(ordering: .relaxed) {
        case .none:
            guard toldIdle.load(ordering: .relaxed) != idle else { return }
            idleLook.store(.waiting, ordering: .relaxed)
            loop.schedule(after: WorkerLeases.idlePause) { [self] in idleLook.store(.due, ordering: .relaxed) }
        case .waiting: return
        case .due:
            idleLook.store(.none, ordering: .relaxed)
            guard toldIdle.exchange(idle, ordering: .relaxed) != idle else { return }
            LeaseReturnFrame(leases: [], idle: UInt32(clamping: idle)).encode(into: &out)
        }
    }

    private func write(_ orders: [Order], _ idle: UInt32, into out: inout FrameBuffer) {
        var returns: [UInt64] = []
        for order in orders {
            switch order {
            case .giveBack(let id): returns.append(id)
            case .request(let id):
                if !returns.isEmpty { LeaseReturnFrame(leases: returns, idle: idle).encode(into: &out) }
                returns = []
                LeaseRequestFrame(lease: id, idle: idle).encode(into: &out)
            }
            if returns.count == LeaseReturnFrame.limit {
                LeaseReturnFrame(leases: returns, idle: idle).encode(into: &out)
                returns = []
            }
        }
        if !returns.isEmpty { LeaseReturnFrame(leases: returns, idle: idle).encode(into: &out) }
    }

    /// The gateway answered a request.
    func receive(_ frame: LeaseGrantFrame) {
        let waiting = state.withLock { state in
            guard let waiting = state.waiting.removeValue(forKey: frame.lease) else {
                // Taken back in the meantime: to the gateway this is a lease that was returned.
                if frame.outcome == .granted { state.returned += 1 }
                return nil as Waiting?
            }
            if frame.outcome == .granted { state.held.insert(frame.lease) }
            settle(state)
            return waiting
        }
        switch frame.outcome {
        case .granted: waiting?.resume(returning: ConnectionLeaseID(rawValue: frame.lease))
        case .timedOut: waiting?.resume(throwing: LeaseFailure.noneInTime(settings))
        case .refused: waiting?.resume(throwing: LeaseFailure.refused)
        }
    }

    /// The gateway wants leases back, or no longer does.
    func receive(_ frame: LeaseRecallFrame) {
        let watchers = state.withLock { state in
            let underWay = state.returned >= frame.returned ? state.returned - frame.returned : 0
            state.wanted = max(Int(frame.wanted) - Int(clamping: underWay), 0)
            let before = state.kept
            state.kept = Int(frame.kept)
            settle(state)
            return state.wanted > state.promised || before != state.kept ? state.watchers : []
        }
        for watcher in watchers { watcher() }
    }
}
