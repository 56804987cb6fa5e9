import WireProtocol

/// What the log says of one request (contract 3.10).
public struct AccessRecord: Sendable {
    /// The request's id.
    public var requestID: RequestID
    /// The trace that it belongs to.
    public var trace: TraceContext
    /// The method as the client sent it.
    public var method: Method
    /// Path and query, percent-encoded, with the values of secret parameters replaced by `***`.
    public var url: [UInt8]
    /// The path of the route, `/users/{id}`; `unmatched` where there is none.
    public var route: String
    /// The status of the answer; 499 where the client went away before it.
    public var status: Status
    /// From the end of the request's head to the answer, in nanoseconds.
    public var nanoseconds: UInt64
    /// The caller's id; nil is logged as `anonymous`.
    public var userID: String?
    /// The function; nil where none was found.
    public var function: String?
    /// The worker that answered; nil where none did.
    public var worker: WorkerStamp?
    /// The bytes of the answer's body that are sent.
    public var bytes: Int
    /// The client's address.
    public var client: String

    /// A record; see the properties.
    public init(
        requestID: RequestID, trace: TraceContext, method: Method, url: [UInt8], route: String,
        status: Status,
        nanoseconds: UInt64, userID: String?, function: String?, worker: WorkerStamp?, bytes: Int,
        client: String
    ) {
        self.requestID = requestID
        self.trace = trace
        self.method = method
        self.url = url
        self.route = route
        self.status = status
        self.nanoseconds = nanoseconds
        self.userID = userID
        self.function = function
        self.worker = worker
        self.bytes = bytes
        self.client = client
    }
}
