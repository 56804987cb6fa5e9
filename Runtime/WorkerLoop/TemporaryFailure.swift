/// An error that may be gone when the same is tried again later.
///
/// FunctionKit answers a request whose handler threw one with 503, `OVERLOADED` or `FUNCTION_UNAVAILABLE`, and
/// `Retry-After`; client libraries throw it, which know neither FunctionKit nor its errors.
public protocol TemporaryFailure: Error {
    /// When another try makes sense; nil: this one is no temporary failure after all.
    var retryAfter: Duration? { get }
    /// Whether there is too much to do, rather than something away; true unless told otherwise.
    var isOverload: Bool { get }
}

extension TemporaryFailure {
    /// True.
    public var isOverload: Bool { true }
}
