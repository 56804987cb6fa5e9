import CLibPQ
import Glibc
import Synchronization

/// Asks the server to stop a connection's query. The request is a connection of its own that libpq makes in a
/// blocking way, so it runs on a thread that lives as long as the request.
enum CancelThread {
    /// Above so many at once, requests are left out: closing the connection ends the query too, only later.
    static let limit = 4

    private static let running = Mutex(0)

    /// Sends the request and forgets it; takes over the handle from `PQgetCancel`.
    static func send(_ cancel: OpaquePointer) {
        let mayRun = running.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        guard mayRun else {
            PQfreeCancel(cancel)
            return
        }
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 256 << 10)
        let code = pthread_create(
            &thread, &attributes,
            { context in
                let cancel = OpaquePointer(context)
                withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
                    _ = PQcancel(cancel, buffer.baseAddress, Int32(buffer.count))
                }
                PQfreeCancel(cancel)
                CancelThread.running.withLock { $0 -= 1 }
                return nil
            }, UnsafeMutableRawPointer(cancel))
        if code != 0 {
            PQfreeCancel(cancel)
            running.withLock { $0 -= 1 }
        }
    }
}
