/// What went wrong with a `RawSocket`.
public enum RawSocketFailure: Error, Sendable, Equatable {
    /// A system call failed with this `errno`.
    case system(String, Int32)
    /// What was waited for did not come; this had come.
    case timedOut(received: String)
    /// The peer closed before it came; this had come.
    case ended(received: String)
}
