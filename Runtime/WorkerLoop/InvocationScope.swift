/// What the request that a task works for tells the calls that it makes to others.
///
/// FunctionKit sets `CurrentInvocation.scope` for each request; OutboundHTTP reads it, and neither knows the other.
public protocol InvocationScope: AnyObject, Sendable {
    /// The request's id, for `X-Request-Id`.
    var requestIDText: String { get }
    /// The request's trace, for `traceparent` (W3C Trace Context).
    var traceparent: String { get }
    /// The vendors' part of the trace, for `tracestate`; nil where there is none.
    var tracestate: String? { get }
    /// When nobody waits for the request's answer any more.
    var deadline: LoopInstant { get }
}
