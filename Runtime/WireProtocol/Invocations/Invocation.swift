/// One call of a function: what crosses from the gateway to a worker.
public struct Invocation: Sendable, Equatable {
    /// A name and a value, percent-decoded.
    public struct Parameter: Sendable, Equatable {
        /// The name as the route or the query has it.
        public var name: String
        /// The value as text.
        public var value: String

        /// A parameter; see the properties.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The request's id.
    public var requestID: RequestID
    /// The request's trace.
    public var trace: TraceContext
    /// The method; HEAD comes as GET, the gateway drops the body.
    public var method: Method
    /// The normalised path, prefix and version included.
    public var path: [UInt8]
    /// The values of the route's parameters, in the route's order.
    public var parameters: [Parameter]
    /// The query's parameters in their order.
    public var query: [Parameter]
    /// The request's header fields.
    public var headers: HeaderList
    /// Who calls.
    public var caller: Caller
    /// Which page is asked for; nil where the manifest has no `page`.
    public var page: PageWindow?
    /// How long the worker has for it, from hand-over, in milliseconds.
    public var timeoutMilliseconds: UInt32
    /// The body; empty where it is streamed.
    public var body: [UInt8]
    /// `follows` where the body is streamed to the handler, part by part as it comes; else the body is here, whole.
    public var placement: BodyPlacement

    /// An invocation; see the properties.
    public init(
        requestID: RequestID, trace: TraceContext, method: Method, path: [UInt8],
        parameters: [Parameter] = [],
        query: [Parameter] = [], headers: HeaderList = HeaderList(), caller: Caller = .anonymous,
        page: PageWindow? = nil, timeoutMilliseconds: UInt32 = 10_000, body: [UInt8] = [],
        placement: BodyPlacement = .whole
    ) {
        self.requestID = requestID
        self.trace = trace
        self.method = method
        self.path = path
        self.parameters = parameters
        self.query = query
        self.headers = headers
        self.caller = caller
        self.page = page
        self.timeoutMilliseconds = timeoutMilliseconds
        self.body = body
        self.placement = placement
    }
}
