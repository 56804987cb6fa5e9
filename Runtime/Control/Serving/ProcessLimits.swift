import Glibc

/// What the gateway's process asks of the system before it serves.
enum ProcessLimits {
    /// A broken pipe is an error of a write and no signal, and as many descriptors may be open as the system allows.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Leaves a file to its owner alone.
    static func makePrivate(_ path: String) { chmod(path, 0o600) }
}
