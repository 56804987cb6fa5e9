import Synchronization

/// Keeps what a handler under test writes to the log.
public final class TestLog: Sendable {
    private let kept = Mutex<[LogFrame]>([])

    /// An empty log.
    public init() {}

    /// The lines so far, of any level, in order.
    public var lines: [LogFrame] { kept.withLock { $0 } }

    var output: LogOutput {
        LogOutput(level: .debug) { [self] line, _ in kept.withLock { $0.append(line) } }
    }
}
