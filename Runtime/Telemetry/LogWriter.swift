import Glibc
import Synchronization

/// Writes log lines to a descriptor from a thread of its own, so a slow reader of the log never blocks who logs.
///
/// Lines wait in a buffer of at most `capacity` bytes; what comes while it is full is dropped, counted, and the count
/// is written as a line of its own when there is room again. A reader that went away (EPIPE) ends the writing, not
/// the process.
public final class LogWriter: @unchecked Sendable {
    // Unchecked for `wake` and `done`, which are semaphores; the rest is behind `state`.
    private struct State {
        var pending: [UInt8] = []
        var dropped = 0
        var closing = false
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let descriptor: Int32
    private let wake: UnsafeMutablePointer<sem_t>
    private let done: UnsafeMutablePointer<sem_t>
    private let droppedLine: @Sendable (Int) -> [UInt8]

    /// A writer on `descriptor`, which it does not close.
    /// - Parameters:
    ///   - capacity: the most bytes that may wait; 4 MiB.
    ///   - droppedLine: the line that tells how many were dropped, with its newline.
    public init(
        descriptor: Int32 = 2, capacity: Int = 4 << 20, droppedLine: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.descriptor = descriptor
        self.capacity = capacity
        self.droppedLine = droppedLine
        wake = .allocate(capacity: 1)
        done = .allocate(capacity: 1)
        sem_init(wake, 0, 0)
        sem_init(done, 0, 0)
        var thread = pthread_t()
        let unmanaged = Unmanaged.passRetained(self)
        let failed = pthread_create(
            &thread, nil,
            { argument in
                // Safe: the argument is the retained writer of `passRetained` above.
                let writer = Unmanaged<LogWriter>.fromOpaque(argument!).takeRetainedValue()
                writer.run()
                return nil
            }, unmanaged.toOpaque())
        if failed == 0 {
            pthread_detach(thread)
        } else {
            unmanaged.release()
            sem_post(done)
        }
    }

    deinit {
        sem_destroy(wake)
        sem_destroy(done)
        wake.deallocate()
        done.deallocate()
    }

    /// Queues a line, which ends with a newline; never blocks.
    public func write(_ line: [UInt8]) {
        let wasEmpty = state.withLock { state in
            guard state.pending.count + line.count <= capacity else {
                state.dropped += 1
                return false
            }
            let wasEmpty = state.pending.isEmpty
            state.pending.append(contentsOf: line)
            return wasEmpty
        }
        if wasEmpty { sem_post(wake) }
    }

    /// Writes what waits and ends the thread; returns when that is done, or after `seconds` when the reader is stuck.
    public func close(within seconds: Int = 2) {
        state.withLock { $0.closing = true }
        sem_post(wake)
        var limit = timespec()
        clock_gettime(CLOCK_REALTIME, &limit)
        limit.tv_sec += seconds
        while sem_timedwait(done, &limit) != 0 && errno == EINTR {}
        sem_post(done)
    }

    private func run() {
        var broken = false
        var batch: [UInt8] = []
        while true {
            while sem_wait(wake) != 0 && errno == EINTR {}
            // A millisecond's lines go out together: under load a wake-up for each would cost more than the request.
            if !state.withLock({ $0.closing }) {
                var pause = timespec(tv_sec: 0, tv_nsec: 1_000_000)
                nanosleep(&pause, nil)
            }
            while true {
                batch.removeAll(keepingCapacity: batch.capacity <= 1 << 20)
                let dropped = state.withLock { state in
                    swap(&state.pending, &batch)
                    defer { state.dropped = 0 }
                    return state.dropped
                }
                if dropped > 0 { batch.append(contentsOf: droppedLine(dropped)) }
                if batch.isEmpty { break }
                if !broken { broken = !writeAll(batch) }
            }
            if state.withLock({ $0.closing && $0.pending.isEmpty }) { break }
        }
        sem_post(done)
    }

    /// False when nobody reads any more.
    private func writeAll(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                // Safe: the offset is inside a buffer that is not empty, so it has an address.
                let written = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
                if written > 0 {
                    offset += written
                } else if errno == EAGAIN {
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, 1000)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
