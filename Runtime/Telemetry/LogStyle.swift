import Glibc

/// How log lines look.
public enum LogStyle: Sendable {
    /// One JSON object a line, for machines.
    case json
    /// Plain text, for a terminal.
    case text

    /// Text when the descriptor is a terminal, JSON otherwise.
    public static func fitting(descriptor: Int32) -> LogStyle { isatty(descriptor) == 1 ? .text : .json }
}
