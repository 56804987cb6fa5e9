extension TransactionCore {
    /// Uses the connection in turn, as `use`, for a body that stays where its caller is.
    nonisolated(nonsending) func hold<Value>(
        _ level: TransactionMachine.LevelID,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        try await takeTurn(level, isEnd: false)
        defer { perform(state.withLock { $0.machine.finished() }) }
        do {
            return try await body(connection)
        } catch {
            if connection.isFailedOrClosed {
                let reason =
                    error as? PostgresError
                    ?? PostgresError(.statement, "A COPY of the transaction was given up (\(error))")
                state.withLock { $0.machine.fail(reason) }
            }
            throw error
        }
    }
}
