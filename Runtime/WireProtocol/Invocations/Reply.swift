/// What a worker answers to one invocation; the gateway shapes the response from it.
public struct Reply: Sendable, Equatable {
    /// What the body is, and so which convention the gateway applies.
    public enum Kind: Sendable, Equatable {
        /// The body as it is.
        case response
        /// The body is a JSON array: one page of a list of `total` items.
        case page(total: Int)
        /// The body is a JSON array; `next` is where the following page begins, nil at the end.
        case cursorPage(next: String?)
        /// The handler threw; there is no body.
        case error(APIError)
    }

    /// The status; of an error, the error's own.
    public var status: Status
    /// The header fields that the handler set.
    public var headers: HeaderList
    /// What the body is.
    public var kind: Kind
    /// The body.
    public var body: [UInt8]

    /// A reply; see the properties.
    public init(
        status: Status = .ok, headers: HeaderList = HeaderList(), kind: Kind = .response, body: [UInt8] = []
    ) {
        self.status = status
        self.headers = headers
        self.kind = kind
        self.body = body
    }
}
