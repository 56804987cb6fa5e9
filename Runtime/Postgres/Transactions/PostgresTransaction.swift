import WorkerLoop

/// One transaction, or a savepoint within one, for as long as its closure runs; see `PostgresPool.transaction`.
///
/// Statements that are sent at the same time run one after the other, in the order in which they came. After a
/// statement that the server refused, the others are refused too (25P02), and the transaction is rolled back even if
/// the closure returns: what may fail goes into a transaction of its own within this one. The transaction ends with its
/// closure: BEGIN, COMMIT and ROLLBACK (also AND CHAIN, but not ROLLBACK TO a savepoint) are not sent, and refused by
/// closing the connection, so that nothing of the transaction is kept.
public final class PostgresTransaction: PostgresSession {
    let core: TransactionCore
    let level: TransactionMachine.LevelID

    init(_ core: TransactionCore, _ level: TransactionMachine.LevelID) {
        self.core = core
        self.level = level
    }

    /// Runs a statement and decodes its rows; as `PostgresPool.query(_:as:)`.
    public func query<Row: Decodable & Sendable>(_ sql: SQL, as type: Row.Type = Row.self) async throws
        -> [Row]
    {
        try await run(sql).rows(as: type)
    }

    /// Runs a statement and decodes its first row; nil if there is none.
    public func queryOne<Row: Decodable & Sendable>(_ sql: SQL, as type: Row.Type = Row.self) async throws
        -> Row?
    {
        try await run(sql).rows(as: type, limit: 1).first
    }

    /// Runs a statement and answers how many rows it inserted, changed, deleted or selected.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await run(sql).affectedRows
    }

    func run(_ sql: SQL) async throws -> PostgresResult {
        try await withConnection { try await $0.run(sql) }
    }

    /// Uses the transaction's connection when it is free, on its loop.
    func withConnection<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await core.use(level, body)
    }
}
