import WorkerLoop

extension PostgresPool: PostgresSession {
    /// Runs a statement and decodes its rows.
    ///
    /// A row type's properties are found by the columns' names, whatever their letter case and underscores
    /// (`createdAt` reads `created_at`); a type that is one value (`Int`, `String`, `Date`) reads the only column.
    /// Columns of `json` and `jsonb` decode into any property that is `Decodable`; where such a column is the only one and
    /// is itself what is wanted, say `PostgresJSON<Row>`. All rows are held in memory.
    ///
    /// Throws `PostgresError`, or `CancellationError` when the task is cancelled: the server is then told to stop,
    /// and the connection is closed. Whether a statement that broke off took effect is not known.
    public func query<Row: Decodable & Sendable>(_ sql: SQL, as type: Row.Type = Row.self) async throws
        -> [Row]
    {
        try await run(sql).rows(as: type)
    }

    /// Runs a statement and decodes its first row; nil if there is none. Otherwise as `query`.
    public func queryOne<Row: Decodable & Sendable>(_ sql: SQL, as type: Row.Type = Row.self) async throws
        -> Row?
    {
        try await run(sql).rows(as: type, limit: 1).first
    }

    /// Runs a statement and answers how many rows it inserted, changed, deleted or selected; 0 for statements that
    /// have no such number. Throws as `query` does.
    ///
    /// What would last as long as its session (`SET`, `LISTEN`, a temporary table) ends with the statement, or with the
    /// transaction that it is part of, for the connection is then closed: the next one to use it is somebody else.
    /// Settings for all sessions belong into the URL's `options`, those of one transaction into `SET LOCAL`.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await run(sql).affectedRows
    }

    func run(_ sql: SQL) async throws -> PostgresResult {
        try await withConnection { try await $0.run(sql) }
    }

    /// Lends a connection to the body, which runs on the loop, and takes it back however the body ends.
    func withConnection<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        if loop.isCurrent { return try await withConnectionHere(body) }
        return try await withTaskExecutorPreference(loop.taskExecutor) { try await withConnectionHere(body) }
    }

    private func withConnectionHere<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let connection = try await lease()
        defer { giveBack(connection) }
        return try await body(connection)
    }
}
