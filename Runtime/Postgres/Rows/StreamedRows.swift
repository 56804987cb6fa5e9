import CLibPQ
import WorkerLoop

/// Rows that libpq hands over one by one as they arrive (its single-row mode).
///
/// The socket is read only when somebody wants a row that is not there, so that a slow reader holds the server back, and
/// no more is held than what one read brought. The connection is lent from the first row to the last, or until the reader
/// has gone.
///
/// `@unchecked Sendable`: one iterator has it, and calls it once at a time.
final class StreamedRows<Row: Decodable & Sendable>: RowSource, @unchecked Sendable {
    /// So many rows are decoded at once at most.
    private static var most: Int { 64 }

    private let pool: PostgresPool
    private let sql: SQL
    private var hasStarted = false
    private var connection: PostgresConnection?
    private var reader: RowReader?
    /// The server's error; thrown when the statement is at its end.
    private var refusal: PostgresError?
    /// What is thrown when the rows before it have been taken.
    private var failure: (any Error)?

    init(_ sql: SQL, _ pool: PostgresPool) {
        self.sql = sql
        self.pool = pool
    }

    deinit {
        guard let connection else { return }
        if pool.loop.isCurrent {
            Self.giveBack(connection, to: pool)
        } else {
            pool.loop.post { [pool] in Self.giveBack(connection, to: pool) }
        }
    }

    func fetch() async throws -> [Row] {
        if let failure {
            self.failure = nil
            throw failure
        }
        if hasStarted, connection == nil { return [] }
        if pool.loop.isCurrent { return try await fetchHere() }
        return try await withTaskExecutorPreference(pool.loop.taskExecutor) { try await fetchHere() }
    }

    private func fetchHere() async throws -> [Row] {
        var rows: [Row] = []
        do {
            try Task.checkCancellation()
            let connection = try await started()
            guard let handle = connection.handle else { throw connection.connectionError() }
            while rows.count < Self.most {
                while PQisBusy(handle) == 1 {
                    if !rows.isEmpty { return rows }
                    _ = try await pool.loop.ready(PQsocket(handle), for: .read)
                    guard PQconsumeInput(handle) == 1 else { throw broken(connection) }
                }
                guard let next = PQgetResult(handle) else {
                    try finish(connection)
                    break
                }
                try take(PostgresResult(next), &rows)
            }
            return rows
        } catch {
            giveBack()
            if rows.isEmpty { throw error }
            failure = error
            return rows
        }
    }

    private func started() async throws -> PostgresConnection {
        if let connection { return connection }
        hasStarted = true
        try sql.check()
        let connection = try await pool.lease()
        self.connection = connection
        guard let handle = connection.handle else { throw connection.connectionError() }
        try connection.send(sql, StatementText(sql), on: handle)
        guard PQsetSingleRowMode(handle) == 1 else { throw connection.connectionError() }
        try await connection.flush(handle)
        return connection
    }

    private func take(_ result: PostgresResult, _ rows: inout [Row]) throws {
        if result.isCopy { throw PostgresError(.statement, "COPY cannot be run as a query") }
        if result.isError {
            if refusal == nil { refusal = result.error }
            return
        }
        guard result.rowCount > 0 else { return }
        let reader = self.reader ?? RowReader(result)
        self.reader = reader
        reader.result = result
        rows.append(try reader.decode(Row.self, row: 0))
    }

    /// All results have been taken.
    private func finish(_ connection: PostgresConnection) throws {
        if connection.handle.map({ PQstatus($0) == CONNECTION_BAD }) ?? true { throw broken(connection) }
        if let refusal { throw refusal }
        guard connection.isSettled else {
            throw PostgresError(.statement, "The statement left a transaction open; it was rolled back")
        }
        giveBack()
    }

    private func broken(_ connection: PostgresConnection) -> PostgresError {
        guard var error = refusal else { return connection.connectionError() }
        error.kind = .connection
        return error
    }

    private func giveBack() {
        guard let connection else { return }
        self.connection = nil
        reader = nil
        Self.giveBack(connection, to: pool)
    }

    /// Gives the connection back. If the statement has not ended, and its end has not come already, the server is told to
    /// stop and the connection closed.
    private static func giveBack(_ connection: PostgresConnection, to pool: PostgresPool) {
        if let handle = connection.handle, !connection.isReusable {
            while PQisBusy(handle) == 0, let rest = PQgetResult(handle) {
                let result = PostgresResult(rest)
                if result.isCopy { break }
            }
            if !connection.isReusable {
                connection.close(cancelling: PQtransactionStatus(handle) == PQTRANS_ACTIVE)
            }
        }
        pool.giveBack(connection)
    }
}
