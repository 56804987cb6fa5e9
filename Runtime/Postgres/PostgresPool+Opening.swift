import WorkerLoop

extension PostgresPool {
    /// Asks for leave to open a connection.
    func ask(_ id: PoolMachine.ConnectionID) {
        guard let leases else { return }
        // Under the lock, so that the task cannot be over before it is known.
        state.withLock { state in
            state.asks[id] = start { [weak self] in
                do {
                    let right = try await leases.lease()
                    if let self { allowed(id, right) } else { leases.release(right) }
                } catch {
                    self?.openingFailed(id, error)
                }
            }
        }
    }

    private func allowed(_ id: PoolMachine.ConnectionID, _ right: ConnectionLeaseID) {
        let actions = state.withLock { state in
            state.asks[id] = nil
            let actions = state.machine.allowed(id, at: .now)
            if !actions.isEmpty { state.rights[id] = right }
            return actions
        }
        if actions.isEmpty { leases?.release(right) }
        perform(actions)
    }

    /// Opens a connection, as far as this process is concerned.
    func open(_ id: PoolMachine.ConnectionID) {
        let right = state.withLock { $0.rights[id] }
        _ = start { [weak self, loop, parameters, connectionTimeout, leases, habits] in
            do {
                let connection = try await Self.connect(parameters, habits, within: connectionTimeout, on: loop)
                connection.isCounted = right != nil
                if let self {
                    opened(id, connection)
                } else {
                    await connection.closeAndWait()
                    if let right { leases?.release(right) }
                }
            } catch {
                self?.openingFailed(id, error)
                if self == nil, let right { leases?.release(right) }
            }
        }
    }

    private static func connect(
        _ parameters: ConnectionParameters, _ habits: ServerHabits, within limit: Duration, on loop: WorkerLoop
    ) async throws -> PostgresConnection {
        do {
            return try await reach(parameters, habits, within: limit, on: loop)
        } catch var error as PostgresError where error.kind == .connection {
            error.isUnreached = true
            throw error
        }
    }

    private static func reach(
        _ parameters: ConnectionParameters, _ habits: ServerHabits, within limit: Duration, on loop: WorkerLoop
    ) async throws -> PostgresConnection {
        do {
            return try await withDeadline(limit, on: loop) {
                let reachable = try await parameters.resolved { try await loop.resolve(host: $0) }
                if habits.takesNiceties {
                    do {
                        return try await PostgresConnection.open(reachable.withNiceties(), on: loop)
                    } catch let error as PostgresError where ConnectionParameters.isRefusal(ofNiceties: error) {
                        habits.refusedNiceties()
                    }
                }
                return try await PostgresConnection.open(reachable, on: loop)
            }
        } catch is DeadlineExceeded {
            throw PostgresError.unreached
        } catch let failure as HostLookupFailure {
            throw PostgresError(.connection, "The database's host was not found (\(failure.reason))")
        } catch let error as PostgresError {
            throw error
        } catch {
            throw PostgresError(.connection, "The database cannot be reached (\(error))")
        }
    }

    private func opened(_ id: PoolMachine.ConnectionID, _ connection: PostgresConnection) {
        perform(
            state.withLock { state in
                state.connections[id] = connection
                state.ids[ObjectIdentifier(connection)] = id
                state.lastFailure = nil
                return state.machine.opened(id, at: .now)
            })
    }

    private func openingFailed(_ id: PoolMachine.ConnectionID, _ error: any Error) {
        let (right, actions) = state.withLock { state in
            state.asks[id] = nil
            // What was withdrawn did not fail.
            if state.machine.connections[id] != nil { state.lastFailure = error }
            return (state.rights.removeValue(forKey: id), state.machine.openFailed(id, at: .now))
        }
        if let right { leases?.release(right) }
        perform(actions)
    }

    /// Others want connections, or no longer do: what is free is closed as far as they want it.
    func demandChanged() {
        guard let leases else { return }
        perform(
            state.withLock { state in
                state.machine.kept = leases.kept
                var actions: [PoolMachine.Action] = []
                while !state.machine.idle.isEmpty, leases.takeRecall(), let action = state.machine.giveUpIdle() {
                    actions.append(action)
                }
                return actions
            })
    }
}
