/// How much a line of the log matters.
public enum LogLevel: UInt8, Sendable, CaseIterable, Comparable {
    /// For whoever looks for a fault.
    case debug = 1
    /// Something worth knowing happened.
    case info = 2
    /// Something is not as it should be, and work goes on.
    case warning = 3
    /// Something failed.
    case error = 4

    /// Whether the first matters less.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
