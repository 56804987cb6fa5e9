import WireProtocol

/// A request's line and fields as parsed; the rest of `IncomingRequest` the connection adds.
struct RequestHead: Equatable, Sendable {
    var method = Method.get
    /// Decoded and normalised; `*` for `OPTIONS *` and for `CONNECT`.
    var path: [UInt8] = []
    /// As it came.
    var query: [UInt8] = []
    var headers = HeaderList()
    /// 0 without a body, nil when it is chunked.
    var contentLength: Int? = 0
    /// Whether it is HTTP/1.0: no chunked answer, no 100.
    var isVersion10 = false
    /// Whether the client lets the connection live on.
    var keepsAlive = true
    /// Whether it waits for 100 before it sends the body.
    var expectsContinue = false
}
