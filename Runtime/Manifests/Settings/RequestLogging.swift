/// `log.requests`: which requests get a line in the log.
public enum RequestLogging: String, Sendable, Equatable, CaseIterable {
    /// All of them.
    case all
    /// Those that were answered with 400 or above.
    case errors
    /// None.
    case none
}
