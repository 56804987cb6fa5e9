import CLibPQ
import WorkerLoop

extension PostgresConnection {
    /// Runs one statement and answers its result once all of it has come.
    ///
    /// A statement that the server plans is prepared when it is run for the first time, in the same round trip, and from
    /// then on only its name and its parameters are sent. When the server no longer has it, or its columns have changed
    /// since, everything is prepared anew and the statement repeated, once; so is a statement alone whose types may no
    /// longer be those that it was prepared with. Not within a transaction, which such an error has ended.
    ///
    /// A server's error leaves the connection as it was. Whatever else goes wrong (cancellation, a broken
    /// connection, a statement that leaves a COPY open, or a transaction that it did not find) closes it, and makes
    /// the server stop.
    func run(_ sql: SQL) async throws -> PostgresResult {
        try sql.check()
        let text = StatementText(sql)
        let isPreparable = text.isPreparable && statements.capacity > 0
        guard isPreparable else {
            return try await runAlone { handle in try send(sql, text, on: handle) }
        }
        var isRepeat = false
        if let name = statements.name(text.key) {
            do {
                return try await runAlone { handle in try send(sql, as: name, on: handle) }
            } catch let error as PostgresError where error.isStaleStatement || error.mayBeOutdated {
                if error.isStaleStatement { statements.forgetAll() } else { statements.forget(text.key) }
                if isInTransaction { throw error }
                // Even if it failed while it ran (a function's own error): the server has undone all of it. What is wrong
                // with the statement itself, the server says again when it prepares it.
                isRepeat = error.isStaleStatement
            }
        }
        do {
            return try await run([(sql, text)], isRepeat: isRepeat)[0]
        } catch var error as PostgresError {
            error.statementIndex = nil
            throw error
        }
    }

    private func runAlone(_ send: (OpaquePointer) throws -> Void) async throws -> PostgresResult {
        try await withHandle { handle in
            try send(handle)
            try await flush(handle)
            return try await collect(handle)
        }.checked()
    }

    /// Gives libpq's connection to what leaves it ready for the next statement, or throws. An error of the server is
    /// what may be thrown with the connection ready; any other closes it.
    func withHandle<Value>(_ body: (OpaquePointer) async throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        guard let handle else { throw PostgresError(.connection, "The database connection is closed") }
        do {
            let value = try await body(handle)
            guard isSettled || PQstatus(handle) == CONNECTION_BAD else {
                throw PostgresError(
                    .statement, "The statement left a transaction open; it was rolled back")
            }
            return value
        } catch let error as PostgresError where error.kind == .server {
            throw error
        } catch {
            close(cancelling: PQtransactionStatus(handle) == PQTRANS_ACTIVE)
            throw error
        }
    }
}
