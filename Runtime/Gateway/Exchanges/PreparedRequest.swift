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
}
