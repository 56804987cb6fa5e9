/// A function's `run`: its program.
public enum RunSettings: Sendable, Equatable {
    /// An executable of that name in the manifest's `executables`.
    case swift(String)
    /// Any program that speaks the wire protocol, and its arguments. A program with a slash is an absolute path
    /// (the manifest's may be relative to it); one without is looked up in `PATH`. Never empty.
    case command([String])
}
