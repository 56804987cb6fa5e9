/// How a worker's process ended.
public enum ProcessExit: Sendable, Hashable {
    /// It exited with this code.
    case exited(code: Int32)
    /// This signal ended it.
    case signalled(Int32)
    /// Nobody can say: somebody else reaped it.
    case unknown
}

extension ProcessExit: CustomStringConvertible {
    /// The end in words, for the log: `exit code 1`, `signal 11 (SIGSEGV)`.
    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signalled(let number): "signal \(number)\(ProcessExit.names[number].map { " (\($0))" } ?? "")"
        case .unknown: "an end that nobody saw"
        }
    }

    private static let names: [Int32: String] = [
        1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE",
        9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ",
        31: "SIGSYS",
    ]
}
