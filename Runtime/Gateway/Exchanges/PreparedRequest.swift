import WireProtocol

/// A located request whose parameters and page have been read: all that an invocation needs but the body.
struct PreparedRequest {
    let located: LocatedRequest
    /// The route's parameters.
    let parameters: [Invocation.Parameter]
    /// The query's parameters, the page's own taken out.
    let query: [Invocation.Parameter]
    /// The page asked for; nil where the function has none.
    let page: PageWindow?
    /// What is wrong with them where the body's faults are to be told with it; such a request goes no further than that.
    var faults: [APIError.Detail] = []
    /// Where its answer is kept; nil where that is not to be.
    var cacheKey: CacheKey?
    /// The record that its idempotency key names; nil where it has none.
    var idempotencyKey: ScopedKey?
}
