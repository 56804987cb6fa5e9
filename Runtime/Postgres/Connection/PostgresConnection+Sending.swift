import CLibPQ
import WorkerLoop

extension PostgresConnection {
    /// Hands a statement with its parameters to libpq. Throws for one that would end the transaction that it is part of.
    func send(_ sql: SQL, _ text: StatementText, on handle: OpaquePointer) throws {
        if text.endsTransaction, isInTransaction, refusesEnds { throw Self.endedByHand }
        if text.changesSession { isChanged = true }
        let code = text.withText { text in
            sql.withParameters { count, types, values, lengths, formats in
                // Rows come as text: every type has that form, and strings can be read from any column.
                PQsendQueryParams(handle, text, count, types, values, lengths, formats, 0)
            }
        }
        guard code == 1 else { throw connectionError() }
    }

    /// Hands the parameters of a prepared statement to libpq.
    func send(_ sql: SQL, as name: StatementName, on handle: OpaquePointer) throws {
        let code = name.text.withCString { name in
            sql.withParameters { count, _, values, lengths, formats in
                PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0)
            }
        }
        guard code == 1 else { throw connectionError() }
    }

    /// Hands a statement that is to be prepared to libpq.
    func sendPreparation(
        of sql: SQL, _ text: StatementText, as name: StatementName, on handle: OpaquePointer
    ) throws {
        let code = name.text.withCString { name in
            text.withText { text in
                sql.withParameters { count, types, _, _, _ in
                    PQsendPrepare(handle, name, text, count, types)
                }
            }
        }
        guard code == 1 else { throw connectionError() }
    }

    /// Waits until libpq has written all that it was handed.
    func flush(_ handle: OpaquePointer) async throws {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                // The server may have to be read before it takes more.
                let ready = try await loop.ready(PQsocket(handle), for: [.read, .write])
                if ready.contains(.read), PQconsumeInput(handle) != 1 { throw connectionError() }
            default: throw connectionError()
            }
        }
    }

    /// All of the statement's results, to the end; the last is the answer, or the first error.
    func collect(_ handle: OpaquePointer) async throws -> PostgresResult {
        var answer: PostgresResult?
        while true {
            while PQisBusy(handle) == 1 {
                _ = try await loop.ready(PQsocket(handle), for: .read)
                guard PQconsumeInput(handle) == 1 else { throw brokenConnection(answer) }
            }
            guard let next = PQgetResult(handle) else { break }
            let result = PostgresResult(next)
            if result.isCopy {
                throw PostgresError(.statement, "COPY cannot be run as a query")
            }
            if answer?.isError != true { answer = result }
        }
        guard let answer else { throw connectionError() }
        if PQstatus(handle) == CONNECTION_BAD, answer.isError { throw brokenConnection(answer) }
        return answer
    }

    /// The server may have said why it closed the connection (57P01, "terminating connection …").
    func brokenConnection(_ last: PostgresResult?) -> PostgresError {
        guard let last, last.isError else { return connectionError() }
        var error = last.error
        error.kind = .connection
        return error
    }
}
