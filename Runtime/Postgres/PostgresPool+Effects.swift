import Synchronization
import WorkerLoop

extension PostgresPool {
    /// Carries out what the machine decided, and what follows from that.
    func perform(_ actions: [PoolMachine.Action]) {
        var queue = actions[...]
        while let action = queue.popFirst() {
            switch action {
            case .open(let id): open(id)
            case .close(let id): close(id)
            case .grant(let waiter, let id): queue.append(contentsOf: grant(waiter, id))
            case .timeOut(let waiter): fail(waiter, PostgresError.poolTimeout)
            case .dismiss(let waiter): fail(waiter, PostgresError.closed)
            case .refuse(let waiter):
                fail(waiter, state.withLock { $0.lastFailure } ?? PostgresError(.connection, "No connection"))
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
        let connection = state.withLock { state in
            let connection = state.connections.removeValue(forKey: id)
            if let connection { state.ids[ObjectIdentifier(connection)] = nil }
            return connection
        }
        guard let connection else { return }
        if loop.isCurrent {
            connection.close()
        } else {
            loop.post { connection.close() }
        }
    }

    private func open(_ id: PoolMachine.ConnectionID) {
        let work: @Sendable () async -> Void = { [weak self, loop, parameters, connectionTimeout] in
            let outcome: Result<PostgresConnection, any Error>
            do {
                outcome = .success(
                    try await withDeadline(connectionTimeout, on: loop) {
                        let reachable = try await parameters.resolved { try await loop.resolve(host: $0) }
                        return try await PostgresConnection.open(reachable, on: loop)
                    })
            } catch is DeadlineExceeded {
                outcome = .failure(PostgresError(.connection, "The database did not answer in time"))
            } catch let failure as HostLookupFailure {
                outcome = .failure(
                    PostgresError(.connection, "The database's host was not found (\(failure.reason))"))
            } catch let error as PostgresError {
                outcome = .failure(error)
            } catch {
                outcome = .failure(PostgresError(.connection, "The database cannot be reached (\(error))"))
            }
            guard let self else {
                if case .success(let connection) = outcome { connection.close() }
                return
            }
            opened(id, outcome)
        }
        if WorkerLoop.global === loop {
            Task(operation: work)
        } else {
            Task(executorPreference: loop.taskExecutor, operation: work)
        }
    }

    private func opened(_ id: PoolMachine.ConnectionID, _ outcome: Result<PostgresConnection, any Error>) {
        perform(
            state.withLock { state in
                switch outcome {
                case .success(let connection):
                    state.connections[id] = connection
                    state.ids[ObjectIdentifier(connection)] = id
                    state.lastFailure = nil
                    return state.machine.opened(id, at: .now)
                case .failure(let error):
                    state.lastFailure = error
                    return state.machine.openFailed(id, at: .now)
                }
            })
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
