import CLibPQ
import WorkerLoop

/// One COPY into a table, from its beginning to its end: what was written and not sent yet, and how it stands.
///
/// `@unchecked Sendable`: it is reached only through a writer, which is not sendable, and by the call that made it.
final class CopyStream: @unchecked Sendable {
    private enum Phase {
        case open
        /// Nothing more may be sent; the server may still wait for rows.
        case failed(any Error)
        case ended
    }

    /// So many bytes are collected before they are sent.
    static let chunk = 64 << 10
    /// How long the server may take to give up a COPY before the connection is closed instead.
    static let abortLimit = Duration.seconds(1)

    let connection: PostgresConnection
    /// What is to be sent.
    var text = CopyText()
    /// What CSV has come to.
    var lines = CSVLines()
    private var phase = Phase.open

    init(_ connection: PostgresConnection) { self.connection = connection }

    /// Throws unless rows can be written.
    func check() throws {
        switch phase {
        case .open: return
        case .failed(let error): throw error
        case .ended: throw PostgresError(.statement, "The COPY has ended; nothing was written")
        }
    }

    /// Lets nothing more be written, and nothing be kept.
    func fail(_ error: PostgresError) { phase = .failed(error) }

    /// Sends what was written if it is enough to be worth it.
    nonisolated(nonsending) func flushIfFull() async throws {
        if text.bytes.count >= Self.chunk { try await onLoop { try await $0.flush() } }
    }

    private func flush() async throws {
        do {
            try Task.checkCancellation()
            try await connection.putCopy(text.bytes)
            text.bytes.removeAll(keepingCapacity: text.bytes.capacity <= 4 * Self.chunk)
        } catch {
            // Part of it may have been sent, so that it must not be sent again.
            phase = .failed(error)
            throw error
        }
    }

    /// Runs a COPY: all that the body writes, or nothing if it throws.
    nonisolated(nonsending) func run(
        _ statement: SQL, _ body: nonisolated(nonsending) (CopyStream) async throws -> Void
    ) async throws -> Int {
        try await onLoop { try await $0.connection.beginCopy(statement) }
        do {
            try await body(self)
            try check()
            return try await onLoop { try await $0.finish() }
        } catch {
            await abort()
            phase = .ended
            throw error
        }
    }

    private func finish() async throws -> Int {
        if !text.bytes.isEmpty { try await flush() }
        try Task.checkCancellation()
        let result: PostgresResult
        do {
            result = try await connection.endCopy(nil)
        } catch {
            // Whether the rows are there is not known.
            connection.close(cancelling: true)
            throw error
        }
        phase = .ended
        guard connection.isSettled || result.isError else {
            connection.close()
            throw PostgresError(.statement, "The COPY left something open")
        }
        return try result.checked().affectedRows
    }

    /// Tells the server to keep nothing, if it still waits for rows. Afterwards the connection is ready, or closed.
    ///
    /// The task may be cancelled already, which must not keep the server from being told: this is done in a task of its
    /// own.
    private nonisolated(nonsending) func abort() async {
        guard let handle = connection.handle, PQtransactionStatus(handle) == PQTRANS_ACTIVE else { return }
        let connection = connection
        let work: @Sendable () async -> Void = {
            do {
                try await withDeadline(Self.abortLimit, on: connection.loop) {
                    _ = try await connection.endCopy("given up by the client")
                }
                guard connection.isSettled else { throw PostgresError(.connection, "Still busy") }
            } catch {
                connection.close(cancelling: true)
            }
        }
        if WorkerLoop.global === connection.loop {
            await Task(operation: work).value
        } else {
            await Task(executorPreference: connection.loop.taskExecutor, operation: work).value
        }
    }

    private nonisolated(nonsending) func onLoop<Value: Sendable>(
        _ body: @Sendable (CopyStream) async throws -> Value
    ) async throws -> Value {
        if connection.loop.isCurrent { return try await body(self) }
        return try await withTaskExecutorPreference(connection.loop.taskExecutor) { try await body(self) }
    }
}
