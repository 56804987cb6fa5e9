extension PostgresTransaction {
    /// Runs several statements, sent all at once and answered in their order; as `PostgresPool.batch(_:)`, but within
    /// the transaction, which fails as a whole when one of them does.
    @discardableResult
    public func batch(_ statements: [SQL]) async throws -> [PostgresBatchResult] {
        if statements.isEmpty { return [] }
        return try await withConnection { try await $0.run(batch: statements).map(PostgresBatchResult.init) }
    }
}
