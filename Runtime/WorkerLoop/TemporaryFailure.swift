/// An error that may be gone when the same is tried again later.
///
/// FunctionKit answers a request whose handler threw one with 503 `OVERLOADED` and `Retry-After`; client libraries
/// throw it, which know neither FunctionKit nor its errors.
public protocol TemporaryFailure: Error {
    /// When another try makes sense; nil: this one is no temporary failure after all.
    var retryAfter: Duration? { get }
}
