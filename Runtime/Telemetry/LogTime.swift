import Glibc

/// The wall clock as log lines show it.
public enum LogTime {
    /// Now, in milliseconds of Unix time.
    public static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
