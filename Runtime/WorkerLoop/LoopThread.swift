import Glibc
import Synchronization

/// A thread that runs a `WorkerLoop`, made by `WorkerLoop.runOnOwnThread`.
public final class LoopThread: Sendable {
    private let unjoined: Mutex<pthread_t?>

    init(_ thread: pthread_t) {
        unjoined = Mutex(thread)
    }

    deinit {
        if let thread = take() { pthread_detach(thread) }
    }

    /// Blocks the calling thread until the loop has been stopped and its thread has ended. A second call
    /// returns at once, and so does a call on that thread itself.
    public func join() {
        guard let thread = take() else { return }
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    private func take() -> pthread_t? {
        unjoined.withLock { thread in
            defer { thread = nil }
            return thread
        }
    }
}
