import WorkerLoop

extension PostgresTransaction {
    /// Runs the closure within a savepoint: what it did is undone when it throws, and the transaction around it goes
    /// on.
    ///
    /// Until the closure is through, the transaction around it cannot be used (`PostgresError` of kind `statement`).
    /// Throws what the closure threw, or the error of a statement that the closure passed over though it had broken
    /// the savepoint.
    @discardableResult
    nonisolated(nonsending) public func transaction<Value>(
        _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let core = core
        let inner = try await core.use(level) { connection in
            // The names need not differ: the latest of a name hides those before it until it is released.
            _ = try await connection.run("SAVEPOINT swiftlet")
            return core.state.withLock { $0.machine.begin() }
        }
        let value: Value
        do {
            value = try await body(PostgresTransaction(core, inner))
        } catch {
            await core.undo(inner, by: ["ROLLBACK TO SAVEPOINT swiftlet", "RELEASE SAVEPOINT swiftlet"])
            throw error
        }
        if let failure = core.failure(of: inner) {
            await core.undo(inner, by: ["ROLLBACK TO SAVEPOINT swiftlet", "RELEASE SAVEPOINT swiftlet"])
            throw failure
        }
        core.state.withLock { $0.machine.beginEnd(inner) }
        do {
            try await core.use(inner, isEnd: true) { _ = try await $0.run("RELEASE SAVEPOINT swiftlet") }
        } catch {
            await core.undo(inner, by: ["ROLLBACK TO SAVEPOINT swiftlet", "RELEASE SAVEPOINT swiftlet"])
            throw error
        }
        core.state.withLock { $0.machine.end(inner) }
        return value
    }
}
