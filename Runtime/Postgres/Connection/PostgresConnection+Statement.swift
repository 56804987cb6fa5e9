import CLibPQ
import WorkerLoop

extension PostgresConnection {
    /// Runs one statement and answers its result once all of it has come.
    ///
    /// A server's error leaves the connection as it was. Whatever else goes wrong (cancellation, a broken
    /// connection, a statement that leaves a transaction or a COPY open) closes it, and makes the server stop.
    func run(_ sql: SQL) async throws -> PostgresResult {
        if let fault = sql.fault { throw fault }
        guard sql.bindings.count <= Int(PQ_QUERY_PARAM_MAX_LIMIT) else {
            throw PostgresError(.statement, "A statement has at most \(PQ_QUERY_PARAM_MAX_LIMIT) parameters")
        }
        try Task.checkCancellation()
        guard let handle else { throw PostgresError(.connection, "The database connection is closed") }
        do {
            try send(sql, on: handle)
            try await flush(handle)
            let result = try await collect(handle)
            guard PQtransactionStatus(handle) == PQTRANS_IDLE || PQstatus(handle) == CONNECTION_BAD else {
                throw PostgresError(
                    .statement, "The statement left a transaction open; it was rolled back")
            }
            return try result.checked()
        } catch let error as PostgresError where error.kind == .server {
            throw error
        } catch {
            close(cancelling: PQtransactionStatus(handle) == PQTRANS_ACTIVE)
            throw error
        }
    }

    private func send(_ sql: SQL, on handle: OpaquePointer) throws {
        let count = sql.bindings.count
        var types: [Oid] = []
        var lengths: [Int32] = []
        var formats: [Int32] = []
        types.reserveCapacity(count)
        lengths.reserveCapacity(count)
        formats.reserveCapacity(count)
        for binding in sql.bindings {
            guard let length = Int32(exactly: max(0, binding.count)) else {
                throw PostgresError(.statement, "A parameter has more than 2 GiB")
            }
            types.append(binding.type)
            lengths.append(length)
            formats.append(binding.isBinary ? 1 : 0)
        }
        let code = sql.values.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values: [UnsafePointer<CChar>?] = sql.bindings.map { binding in
                binding.count < 0 ? nil : base.map { $0 + binding.offset }
            }
            return sql.rendered().withUnsafeBytes { text in
                // Rows come as text: every type has that form, and strings can be read from any column.
                PQsendQueryParams(
                    handle, text.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(count), types,
                    values,
                    lengths, formats, 0)
            }
        }
        guard code == 1 else { throw connectionError() }
    }

    private func flush(_ handle: OpaquePointer) async throws {
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
    private func collect(_ handle: OpaquePointer) async throws -> PostgresResult {
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
    private func brokenConnection(_ last: PostgresResult?) -> PostgresError {
        guard let last, last.isError else { return connectionError() }
        var error = last.error
        error.kind = .connection
        return error
    }
}
