import Glibc
import Synchronization
import WorkerLoop

/// Turns SIGTERM into a callback on the loop: the signal's handler writes a byte into a pipe that the loop watches.
enum StopSignal {
    private static let writeEnd = Atomic<Int32>(-1)

    /// Calls back on the loop's thread at each SIGTERM from here on. Called once, before the loop runs.
    static func watch(on loop: WorkerLoop, _ callback: @escaping @Sendable () -> Void) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemCallFailure(call: "pipe", code: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        let readEnd = ends[0]
        writeEnd.store(ends[1], ordering: .relaxed)
        _ = try loop.watch(readEnd) { _ in
            var byte: UInt8 = 0
            if Glibc.read(readEnd, &byte, 1) == 1 { callback() }
        }
        signal(SIGTERM) { _ in
            // Only what may be called within a signal's handler; who was interrupted keeps its errno.
            let before = errno
            var byte: UInt8 = 1
            _ = Glibc.write(StopSignal.writeEnd.load(ordering: .relaxed), &byte, 1)
            errno = before
        }
        // The gateway's thread may have blocked the signal, and that is inherited.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigprocmask(SIG_UNBLOCK, &signals, nil)
    }
}
