import CLibPQ
import WorkerLoop

/// One connection to the server, for one statement at a time.
///
/// `@unchecked Sendable`: whoever holds the lease is the only one to use it, and the pool's `Mutex` hands it over.
final class PostgresConnection: @unchecked Sendable {
    let loop: WorkerLoop
    /// libpq's connection; nil once it is closed.
    private(set) var handle: OpaquePointer?

    private init(_ handle: OpaquePointer, loop: WorkerLoop) {
        self.handle = handle
        self.loop = loop
    }

    deinit { close() }

    /// Opens a connection. Throws `PostgresError` of kind `connection`, or what the wait threw (cancellation).
    static func open(_ parameters: ConnectionParameters, on loop: WorkerLoop) async throws
        -> PostgresConnection
    {
        guard let handle = start(parameters) else {
            throw PostgresError(.connection, "No memory for a database connection")
        }
        let connection = PostgresConnection(handle, loop: loop)
        do {
            try await connection.finishOpening(handle)
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private static func start(_ parameters: ConnectionParameters) -> OpaquePointer? {
        var words = ContiguousArray<UInt8>()
        var starts: [(keyword: Int, value: Int)] = []
        for (keyword, value) in parameters.values {
            let first = words.count
            words.append(contentsOf: keyword.utf8)
            words.append(0)
            starts.append((first, words.count))
            words.append(contentsOf: value.utf8)
            words.append(0)
        }
        return words.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
            var keywords: [UnsafePointer<CChar>?] = starts.map { base + $0.keyword }
            var values: [UnsafePointer<CChar>?] = starts.map { base + $0.value }
            keywords.append(nil)
            values.append(nil)
            return PQconnectStartParams(keywords, values, 0)
        }
    }

    private func finishOpening(_ handle: OpaquePointer) async throws {
        guard PQstatus(handle) != CONNECTION_BAD else { throw connectionError() }
        // Notices are no errors, and libpq would print them.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        var interest = Readiness.write
        while true {
            // While it tries one address after another, libpq has one socket after another.
            let socket = PQsocket(handle)
            guard socket >= 0 else { throw connectionError() }
            _ = try await loop.ready(socket, for: interest)
            let step = PQconnectPoll(handle)
            if PQsocket(handle) != socket { loop.forgetDescriptor(socket) }
            switch step {
            case PGRES_POLLING_OK:
                guard PQsetnonblocking(handle, 1) == 0 else { throw connectionError() }
                return
            case PGRES_POLLING_READING: interest = .read
            case PGRES_POLLING_WRITING: interest = .write
            default: throw connectionError()
            }
        }
    }

    /// Whether the connection is open and in no transaction, as far as libpq knows.
    var isReusable: Bool {
        guard let handle else { return false }
        return PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    /// Whether the connection can serve the next statement: reusable, and not closed by the server meanwhile. One
    /// system call.
    var isReady: Bool {
        guard isReusable, let handle else { return false }
        switch clibpq_socket_state(PQsocket(handle)) {
        case Int32(clibpq_quiet.rawValue): return true
        case Int32(clibpq_closed.rawValue): return false
        default:
            // A notice, a changed setting, or the server's farewell.
            guard PQconsumeInput(handle) == 1, PQisBusy(handle) == 0, PQstatus(handle) == CONNECTION_OK else {
                return false
            }
            return clibpq_socket_state(PQsocket(handle)) != Int32(clibpq_closed.rawValue)
        }
    }

    /// Closes the connection; what the server still does for it is asked to stop if `cancelling`.
    ///
    /// Does not wait. From the loop's own thread, or when nothing waits on the connection any more.
    func close(cancelling: Bool = false) {
        guard let open = handle else { return }
        handle = nil
        if cancelling, let cancel = PQgetCancel(open) { CancelThread.send(cancel) }
        let socket = PQsocket(open)
        if socket >= 0, loop.isCurrent { loop.forgetDescriptor(socket) }
        PQfinish(open)
    }

    /// The error that libpq tells of this connection.
    func connectionError() -> PostgresError {
        guard let handle, let text = PQerrorMessage(handle) else {
            return PostgresError(.connection, "The database connection is closed")
        }
        var message = String(cString: text)
        while let last = message.last, last.isNewline { message.removeLast() }
        return PostgresError(.connection, message.isEmpty ? "The database connection broke" : message)
    }
}
