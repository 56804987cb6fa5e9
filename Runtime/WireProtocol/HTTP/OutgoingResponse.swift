/// One whole response as the gateway decided it; the front door adds framing, `Date` and `Connection`.
public struct OutgoingResponse: Sendable, Equatable {
    /// The status.
    public var status: Status
    /// The header fields, without framing ones: the front door writes `Content-Length` and the like itself.
    public var headers: HeaderList
    /// The body; not sent for HEAD and for statuses that forbid one, but its length is what HEAD tells.
    public var body: [UInt8]

    /// A response; see the properties.
    public init(status: Status, headers: HeaderList = HeaderList(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
