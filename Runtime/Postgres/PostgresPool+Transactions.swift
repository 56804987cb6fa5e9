import WorkerLoop

extension PostgresPool {
    /// Runs the closure within one transaction: committed when the closure returns, rolled back when it throws or when
    /// its task is cancelled.
    ///
    /// All statements of the transaction go through the closure's argument; what is sent to the pool itself meanwhile
    /// has nothing to do with it (and needs a further connection). `tx.transaction { … }` sets a savepoint. With
    /// `isReadOnly` the server refuses changes (25006).
    ///
    /// `retries` is how often the whole closure runs again, after a short pause of random length, when the server ended
    /// the transaction for the sake of others (40001, 40P01); 0 by default. Whatever else the closure does is then done
    /// again, too.
    ///
    /// Throws what the closure threw, or `PostgresError`: of a COMMIT that the server refused (nothing was changed), or
    /// of a statement whose error the closure passed over though it had ended the transaction. If the connection breaks
    /// or the task is cancelled during COMMIT, it is not known whether the changes were made; the message says so. A
    /// connection whose state is in doubt afterwards is closed.
    @discardableResult
    nonisolated(nonsending) public func transaction<Value>(
        isolation: TransactionIsolation = .readCommitted, isReadOnly: Bool = false, retries: Int = 0,
        _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        var backoff = RetryBackoff()
        var left = retries
        while true {
            let outcome = try await attempt(isolation.begin(isReadOnly: isReadOnly), body)
            switch outcome {
            case .success(let value): return value
            case .failure(let failure):
                guard left > 0, failure.isRetryable, !Task.isCancelled else { throw failure.error }
                left -= 1
                var random = SystemRandomNumberGenerator()
                try await Task.sleep(for: backoff.next(using: &random))
            }
        }
    }

    private struct AttemptFailure: Error {
        var error: any Error
        /// What made the transaction fail, where that is not the same.
        var cause: PostgresError?

        var isRetryable: Bool {
            let states = [(error as? PostgresError)?.sqlState, cause?.sqlState]
            return states.contains(.serializationFailure) || states.contains(.deadlockDetected)
        }
    }

    nonisolated(nonsending) private func attempt<Value>(
        _ begin: SQL, _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> Value
    ) async throws -> Result<Value, AttemptFailure> {
        let connection = try await begun(begin)
        defer { giveBack(connection) }
        let core = TransactionCore(connection)
        let level = TransactionMachine.LevelID(rawValue: 0)
        let value: Value
        do {
            value = try await body(PostgresTransaction(core, level))
        } catch {
            let cause = core.failure(of: level)
            await core.rollBack()
            return .failure(AttemptFailure(error: error, cause: cause))
        }
        if let cause = core.failure(of: level) {
            await core.rollBack()
            return .failure(AttemptFailure(error: cause))
        }
        do {
            try await core.commit()
        } catch {
            await core.rollBack()
            return .failure(AttemptFailure(error: error))
        }
        return .success(value)
    }

    /// A connection with a transaction open. Whoever gets it gives it back.
    private func begun(_ begin: SQL) async throws -> PostgresConnection {
        try await withTaskExecutorPreference(loop.taskExecutor) {
            let connection = try await lease()
            connection.isInTransaction = true
            do {
                _ = try await connection.run(begin)
            } catch {
                connection.isInTransaction = false
                giveBack(connection)
                throw error
            }
            return connection
        }
    }
}
