import Glibc
import WorkerLoop

extension PostgresConnection {
    /// How long the server may take to close its side.
    private static let patience = Duration.seconds(5)
    /// How long it may take to do so after the first request to stop a query; twice as long after each further one.
    private static let firstPause = Duration.milliseconds(50)

    /// Closes the connection if it is still open, and answers once the server has closed its side too: from then on it
    /// no longer counts there. Waits 5 s at most.
    func closeAndWait() async {
        close()
        await farewell?.value
    }

    /// Waits for the server's end of a connection that is closed on this side, and has its query stopped.
    ///
    /// A server overlooks a request that comes between two messages of one statement, and would go on with the
    /// statement for nobody. So the request is repeated until the server has closed its side. A process that ends before
    /// leaves it to the server to find out (`ConnectionParameters.niceties`).
    static func farewell(_ socket: Int32, stopping ticket: CancelTicket?, on loop: WorkerLoop) -> Task<Void, Never> {
        // No more comes from here; without this the server would see the end only when the last descriptor is closed.
        shutdown(socket, Int32(SHUT_WR))
        let work: @Sendable () async -> Void = {
            let end = LoopInstant.now.advanced(by: patience)
            var pause = ticket == nil ? patience : firstPause
            while LoopInstant.now < end {
                if let ticket { CancelRequests.send(ticket) }
                do {
                    try await withDeadline(pause, on: loop) { try await awaitEnd(of: socket, on: loop) }
                    break
                } catch is DeadlineExceeded {
                    pause = min(pause * 2, LoopInstant.now.duration(to: end))
                } catch {
                    // It cannot be waited for.
                    break
                }
            }
            loop.close(socket)
        }
        return WorkerLoop.global === loop
            ? Task(operation: work) : Task(executorPreference: loop.taskExecutor, operation: work)
    }

    private static func awaitEnd(of socket: Int32, on loop: WorkerLoop) async throws {
        while true {
            _ = try await loop.ready(socket, for: .read)
            // What still comes is of no use to anybody.
            let isOver = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { bytes in
                let count = recv(socket, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
                return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
            }
            if isOver { return }
        }
    }
}
