import WorkerLoop

extension PostgresPool {
    /// Runs several statements, sent all at once and answered in their order: one round trip instead of one for each.
    ///
    /// A batch is one transaction. If a statement fails, those before it take no effect either, those behind it are not
    /// run, and the server's error says in `statementIndex` which one it was; the connection goes on. All results are
    /// held in memory. `BEGIN`, `COPY` and the like are refused as in `query`; an empty batch does nothing.
    ///
    /// Throws as `query` does.
    @discardableResult
    public func batch(_ statements: [SQL]) async throws -> [PostgresBatchResult] {
        if statements.isEmpty { return [] }
        return try await withConnection { try await $0.run(batch: statements).map(PostgresBatchResult.init) }
    }
}
