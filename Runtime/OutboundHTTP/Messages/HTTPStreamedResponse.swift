/// An answer whose body is read while it comes; see `HTTPClient.withResponse`.
public struct HTTPStreamedResponse: Sendable {
    /// The status code.
    public let status: Int
    /// The header fields; those of interim answers (1xx) and trailers are dropped.
    public let headers: HTTPHeaders
    /// The body.
    public let body: HTTPBodyChunks

    /// Whether the status is 200 to 299.
    public var isSuccess: Bool { (200...299).contains(status) }
}
