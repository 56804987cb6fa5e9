/// A level of the log, by the names of swift-log, from the most talkative.
public enum LogLevel: String, Sendable, Equatable, CaseIterable {
    /// Every step.
    case trace
    /// For finding faults.
    case debug
    /// What happens.
    case info
    /// What is not usual.
    case notice
    /// What may become an error.
    case warning
    /// What failed.
    case error
    /// What stops the service.
    case critical
}
