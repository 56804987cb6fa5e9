extension PostgresPool {
    /// Writes many rows into a table by COPY, the fastest way there is: all rows that the closure writes, or none. Answers
    /// how many there were.
    ///
    /// The names are quoted (letter case counts); without columns, the table's own in their order. Values are written as
    /// they are bound in `query`, in COPY's text format, so that text fits columns of every type. Rows are sent as the
    /// closure writes them, and a server that is slower holds it back.
    ///
    /// If the closure throws, or the task is cancelled, nothing is kept and the connection goes on; what it threw
    /// is thrown. The server's errors for rows come later than the row, at the end at the latest. Throws as `query` does.
    @discardableResult
    nonisolated(nonsending) public func copy(
        into table: String, schema: String? = nil, columns: [String] = [],
        _ body: nonisolated(nonsending) (PostgresCopyWriter) async throws -> Void
    ) async throws -> Int {
        let target = CopyTarget(schema: schema, table: table, columns: columns)
        return try await copy(target.textStatement) { stream in
            try await body(PostgresCopyWriter(stream: stream, columns: target.count))
        }
    }

    /// Writes the rows of a sequence into a table; otherwise as `copy` with a closure.
    @discardableResult
    nonisolated(nonsending) public func copy<Rows: AsyncSequence>(
        into table: String, schema: String? = nil, columns: [String] = [], rows: Rows
    ) async throws -> Int where Rows.Element == PostgresCopyRow {
        try await copy(into: table, schema: schema, columns: columns) { writer in
            for try await row in rows { try await writer.write(row) }
        }
    }

    /// Writes the rows of CSV that the closure writes as bytes into a table; otherwise as `copy` of rows. The server reads
    /// the CSV, and its errors tell the line.
    @discardableResult
    nonisolated(nonsending) public func copy(
        into table: String, schema: String? = nil, columns: [String] = [], csv: PostgresCSV,
        _ body: nonisolated(nonsending) (PostgresCSVWriter) async throws -> Void
    ) async throws -> Int {
        let target = CopyTarget(schema: schema, table: table, columns: columns)
        return try await copy(target.statement(csv.options)) { stream in
            try await body(PostgresCSVWriter(stream: stream, quote: csv.quoteByte))
        }
    }

    /// Writes the rows of CSV that comes as a sequence of bytes in pieces, as a request's body does, into a table;
    /// otherwise as `copy` of CSV with a closure.
    @discardableResult
    nonisolated(nonsending) public func copy<Bytes: AsyncSequence>(
        into table: String, schema: String? = nil, columns: [String] = [], csv: PostgresCSV, bytes: Bytes
    ) async throws -> Int where Bytes.Element: Collection<UInt8> {
        try await copy(into: table, schema: schema, columns: columns, csv: csv) { writer in
            for try await piece in bytes { try await writer.write(piece) }
        }
    }

    nonisolated(nonsending) private func copy(
        _ statement: SQL, _ body: nonisolated(nonsending) (CopyStream) async throws -> Void
    ) async throws -> Int {
        let connection = try await withTaskExecutorPreference(loop.taskExecutor) { try await lease() }
        defer { giveBack(connection) }
        return try await CopyStream(connection).run(statement, body)
    }
}
