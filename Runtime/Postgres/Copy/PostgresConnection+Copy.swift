import CLibPQ
import Glibc
import WorkerLoop

extension PostgresConnection {
    /// Begins a `COPY … FROM STDIN`. After an error of the server the connection goes on, after any other it is closed.
    func beginCopy(_ statement: SQL) async throws {
        try statement.check()
        try Task.checkCancellation()
        guard let handle else { throw connectionError() }
        do {
            try send(statement, StatementText(statement), on: handle)
            try await flush(handle)
            while PQisBusy(handle) == 1 {
                _ = try await loop.ready(PQsocket(handle), for: .read)
                guard PQconsumeInput(handle) == 1 else { throw connectionError() }
            }
            guard let first = PQgetResult(handle) else { throw connectionError() }
            let result = PostgresResult(first)
            if PQresultStatus(result.handle) == PGRES_COPY_IN { return }
            guard result.isError else { throw PostgresError(.statement, "The statement is no COPY FROM STDIN") }
            while PQisBusy(handle) == 1 {
                _ = try await loop.ready(PQsocket(handle), for: .read)
                guard PQconsumeInput(handle) == 1 else { throw brokenConnection(result) }
            }
            while let rest = PQgetResult(handle) { PQclear(rest) }
            if PQstatus(handle) == CONNECTION_BAD { throw brokenConnection(result) }
            throw result.error
        } catch let error as PostgresError where error.kind == .server {
            throw error
        } catch {
            close(cancelling: PQtransactionStatus(handle) == PQTRANS_ACTIVE)
            throw error
        }
    }

    /// Sends bytes of a COPY, and waits until libpq has written them: a server that is slower holds the caller back. Throws
    /// the server's error if it has given up already.
    func putCopy(_ bytes: [UInt8]) async throws {
        guard let handle else { throw connectionError() }
        if hasRefused(handle) {
            _ = try await endCopy(nil).checked()
            throw PostgresError(.connection, "The server ended the COPY by itself")
        }
        var offset = 0
        while offset < bytes.count {
            // In pieces, so that libpq's own buffer does not grow to the size of the greatest value.
            let count = min(bytes.count - offset, 256 << 10)
            let code = bytes.withUnsafeBytes { bytes in
                PQputCopyData(
                    handle, bytes.baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) },
                    Int32(count))
            }
            guard code >= 0 else { throw connectionError() }
            if code == 1 { offset += count }
            try await flush(handle)
        }
    }

    /// Ends a COPY, successfully or for a reason; what the server answers to it.
    func endCopy(_ reason: String?) async throws -> PostgresResult {
        guard let handle else { throw connectionError() }
        while true {
            let code =
                reason.map { reason in reason.withCString { PQputCopyEnd(handle, $0) } }
                ?? PQputCopyEnd(handle, nil)
            guard code >= 0 else { throw connectionError() }
            try await flush(handle)
            if code == 1 { break }
        }
        return try await collect(handle)
    }

    /// Whether the server has sent an error while the COPY goes on. libpq would only tell at the end, when all has been
    /// sent in vain. Only a hint, and none for an encrypted connection.
    private func hasRefused(_ handle: OpaquePointer) -> Bool {
        guard PQsslInUse(handle) == 0, PQgssEncInUse(handle) == 0 else { return false }
        var byte: UInt8 = 0
        return recv(PQsocket(handle), &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 1
            && byte == UInt8(ascii: "E")
    }
}
