import CLibPQ
import Glibc
import WorkerLoop

/// One connection to the server, for one statement at a time.
///
/// `@unchecked Sendable`: whoever holds the lease is the only one to use it, and the pool's `Mutex` hands it over.
final class PostgresConnection: @unchecked Sendable {
    let loop: WorkerLoop
    /// libpq's connection; nil once it is closed.
    private(set) var handle: OpaquePointer?
    /// What this connection has prepared; a new connection begins with nothing.
    var statements: StatementCache
    /// Whether a transaction is open that outlasts a statement; its owner sets it, and whoever else leaves one open is
    /// refused.
    var isInTransaction = false
    /// Whether what is sent is a transaction's closure's, which must not end the transaction, or begin one.
    var refusesEnds = false
    /// Whether the session has settings or tables of whoever used it; it is closed when that one is done.
    var isChanged = false
    /// Whether somebody counts connections at the server, and has to know when this one no longer is one there.
    var isCounted = false
    /// What is still to be done about the server's side after the connection was closed.
    private(set) var farewell: Task<Void, Never>?

    private init(_ handle: OpaquePointer, loop: WorkerLoop, preparedStatements: Int) {
        self.handle = handle
        statements = StatementCache(capacity: preparedStatements)
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
        let connection = PostgresConnection(
            handle, loop: loop, preparedStatements: parameters.preparedStatements)
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

    /// Closes the connection; what the server still does for it is asked to stop if `cancelling`.
    ///
    /// Does not wait. From the loop's own thread, or when nothing waits on the connection any more.
    func close(cancelling: Bool = false) {
        guard let open = handle else { return }
        handle = nil
        let ticket = cancelling ? PQgetCancel(open).map(CancelTicket.init) : nil
        let socket = PQsocket(open)
        if socket >= 0, loop.isCurrent { loop.forgetDescriptor(socket) }
        // A second descriptor outlives libpq's.
        let remains = socket >= 0 && (ticket != nil || isCounted) ? fcntl(socket, F_DUPFD_CLOEXEC, 0) : -1
        PQfinish(open)
        if remains >= 0 {
            farewell = Self.farewell(remains, stopping: ticket, on: loop)
        } else if let ticket {
            CancelRequests.send(ticket)
        }
    }

    /// The error that libpq tells of this connection.
    func connectionError() -> PostgresError {
        guard let handle, let text = PQerrorMessage(handle) else {
            return PostgresError(.connection, "The database connection is closed")
        }
        return PostgresError(.connection, ConnectionFailure.sentence(from: String(cString: text)))
    }
}
