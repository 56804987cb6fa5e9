import WorkerLoop

extension TransactionCore {
    /// How long a server may take to roll back before the connection is closed instead.
    static let rollbackLimit = Duration.seconds(1)

    /// Why a level cannot be committed though its closure returned; nil when it can.
    func failure(of level: TransactionMachine.LevelID) -> PostgresError? {
        state.withLock { $0.machine.failure(of: level) }
    }

    /// Commits the transaction. The connection is then closed, or in no transaction any more.
    func commit() async throws {
        let level = TransactionMachine.LevelID(rawValue: 0)
        state.withLock { $0.machine.beginEnd(level) }
        try await use(level, isEnd: true) { connection in
            let result: PostgresResult
            do {
                result = try await connection.run("COMMIT")
            } catch var error as PostgresError where error.kind == .connection {
                error.message += "; whether the transaction was committed is not known"
                throw error
            }
            connection.isInTransaction = false
            // A transaction that has failed is rolled back by COMMIT, which is no error to the server. Here it is met only
            // when a savepoint's failure went unseen, for its closure outlasted the one around it.
            guard result.command == "COMMIT" else {
                throw PostgresError(.statement, "The transaction had failed before its end, and was rolled back")
            }
        }
        state.withLock { $0.machine.end(level) }
    }

    /// Ends the transaction without its changes, unless the server has done so.
    nonisolated(nonsending) func rollBack() async {
        defer { connection.isInTransaction = false }
        let level = TransactionMachine.LevelID(rawValue: 0)
        if connection.isIdle {
            state.withLock { $0.machine.end(level) }
            return
        }
        await undo(level, by: ["ROLLBACK"])
    }

    /// Undoes a level. The connection is closed unless all of the statements succeed in time.
    ///
    /// The task may be cancelled already, which must not keep the server from being told: the statements run in a task
    /// of their own.
    nonisolated(nonsending) func undo(_ level: TransactionMachine.LevelID, by statements: [SQL]) async {
        state.withLock { $0.machine.beginEnd(level) }
        defer { state.withLock { $0.machine.end(level) } }
        guard connection.isOpen else { return }
        let work: @Sendable () async -> Void = { [self] in
            do {
                try await withDeadline(Self.rollbackLimit, on: connection.loop) { [self] in
                    try await use(level, isEnd: true) { connection in
                        for statement in statements { _ = try await connection.run(statement) }
                    }
                }
            } catch {
                // A level whose outer one has ended meanwhile ended with it; the connection may be anybody's by now.
                guard state.withLock({ $0.machine.contains(level) }) else { return }
                // A statement that escaped from the closure may be using it; it ends by this, and only then can the
                // connection be closed.
                connection.breakOff()
                try? await use(level, isEnd: true) { $0.close() }
            }
        }
        await Task(executorPreference: connection.loop.taskExecutor, operation: work).value
    }
}
