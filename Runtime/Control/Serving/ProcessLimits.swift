import Glibc
import WorkerLoop

/// What the gateway's process asks of the system before it serves.
enum ProcessLimits {
    /// A broken pipe is an error of a write and no signal, and as many descriptors may be open as the system allows.
    /// What some dozens of request bodies have taken is kept for the next ones: pages that are new cost more than the
    /// copying into them.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow is a failed write, not an end.
        signal(SIGXFSZ, SIG_IGN)
        WorkerLoop.keepFreedMemory(4 * 1024 * 1024)
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// How many client connections leave descriptors enough for workers (four each while one starts), the admin socket
    /// and files: at most this many of the process's descriptors, and never fewer than 8.
    static func connections(wanted: Int, workers: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        let descriptors = Int(clamping: limit.rlim_cur)
        return max(8, min(wanted, descriptors - 64 - 4 * workers))
    }

    /// Leaves a file to its owner alone.
    static func makePrivate(_ path: String) { chmod(path, 0o600) }
}
