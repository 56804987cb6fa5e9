import Synchronization
import WorkerLoop

extension PostgresPool {
    /// Carries out what the machine decided, and what follows from that.
    func perform(_ actions: [PoolMachine.Action]) {
        var queue = actions[...]
        while let action = queue.popFirst() {
            switch action {
            case .ask(let id): ask(id)
            case .withdraw(let id): state.withLock { $0.asks.removeValue(forKey: id) }?.cancel()
            case .open(let id): open(id)
            case .close(let id): close(id)
            case .grant(let waiter, let id): queue.append(contentsOf: grant(waiter, id))
            case .timeOut(let waiter): fail(waiter, PostgresError.poolTimeout)
            case .dismiss(let waiter): fail(waiter, PostgresError.closed)
            case .refuse(let waiter):
                fail(waiter, state.withLock { $0.lastFailure } ?? PostgresError.unreached)
            }
        }
        setTimer()
    }

    private func grant(_ waiter: PoolMachine.WaiterID, _ id: PoolMachine.ConnectionID) -> [PoolMachine.Action] {
        guard let connection = state.withLock({ $0.connections[id] }) else { return [] }
        guard connection.isReady else { return state.withLock { $0.machine.lost(id, at: .now) } }
        guard let waiting = state.withLock({ $0.waiting.removeValue(forKey: waiter) }) else {
            // Cancelled in between.
            return state.withLock { $0.machine.returned(id, isUsable: true, at: .now) }
        }
        waiting.resume(returning: connection)
        return []
    }

    private func fail(_ waiter: PoolMachine.WaiterID, _ error: any Error) {
        state.withLock { $0.waiting.removeValue(forKey: waiter) }?.resume(throwing: error)
    }

    private func close(_ id: PoolMachine.ConnectionID) {
        let (connection, right) = state.withLock { state in
            let connection = state.connections.removeValue(forKey: id)
            if let connection { state.ids[ObjectIdentifier(connection)] = nil }
            return (connection, state.rights.removeValue(forKey: id))
        }
        guard let connection else { return }
        if let leases, let right {
            // Who counts connections counts them at the server.
            _ = start {
                await connection.closeAndWait()
                leases.release(right)
            }
        } else if loop.isCurrent {
            connection.close()
        } else {
            loop.post { connection.close() }
        }
    }

    /// Runs the work in a task on the loop.
    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> { Self.start(on: loop, work) }

    static func start(on loop: WorkerLoop, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        WorkerLoop.global === loop
            ? Task(operation: work) : Task(executorPreference: loop.taskExecutor, operation: work)
    }

    /// Sees to it that the machine hears of the time when it wants to; a timer that is too early does no harm.
    private func setTimer() {
        let old = state.withLock { state -> LoopTimer? in
            guard let next = state.machine.nextTick, state.tickAt.map({ next < $0 }) ?? true else {
                return nil
            }
            let old = state.timer
            state.tickAt = next
            state.timer = loop.schedule(at: next) { [weak self] in self?.tick() }
            return old
        }
        if let old { loop.cancel(old) }
    }

    private func tick() {
        perform(
            state.withLock { state in
                state.timer = nil
                state.tickAt = nil
                return state.machine.tick(at: .now)
            })
    }
}
