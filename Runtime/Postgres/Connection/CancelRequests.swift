import CLibPQ
import Glibc
import Synchronization

/// Asks servers to stop the queries of connections that were given up.
///
/// A request is a connection of its own, which libpq 15 makes in a blocking way only: on a thread that lives as long as
/// there are requests. Each may take a second, then it is broken off; who would wait behind too many is left out.
enum CancelRequests {
    /// So many threads there are at most.
    static let threadLimit = 2
    /// So many requests wait at most.
    static let queueLimit = 512
    /// How long one request may take, in milliseconds.
    static let timeLimit: Int32 = 1000

    private struct Queue {
        var requests: [CancelTicket] = []
        var threads = 0
    }

    private static let queue = Mutex(Queue())

    /// Sends the request and forgets it. Does not wait.
    static func send(_ ticket: CancelTicket) {
        let needsThread = queue.withLock { queue in
            guard queue.requests.count < queueLimit else { return false }
            queue.requests.append(ticket)
            guard queue.threads < threadLimit else { return false }
            queue.threads += 1
            return true
        }
        guard needsThread, !startThread() else { return }
        queue.withLock { queue in
            queue.threads -= 1
            if queue.threads == 0 { queue.requests = [] }
        }
    }

    private static func startThread() -> Bool {
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 256 << 10)
        return pthread_create(
            &thread, &attributes,
            { _ in
                CancelRequests.work()
                return nil
            }, nil) == 0
    }

    private static func work() {
        // From here on no descriptor of the process is open on this thread, so that what it opens is known.
        let isApart = clibpq_leave_descriptors() == 0
        while let ticket = next() { clibpq_cancel(ticket.handle, isApart ? timeLimit : 0) }
    }

    private static func next() -> CancelTicket? {
        queue.withLock { queue in
            guard !queue.requests.isEmpty else {
                queue.threads -= 1
                return nil
            }
            return queue.requests.removeFirst()
        }
    }
}
