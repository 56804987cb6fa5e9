/// A request method that the runtime knows (RFC 9110, section 9; PATCH: RFC 5789).
///
/// Any other token is answered 501 by the parser and never reaches a route.
public enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, patch, delete, options, connect, trace

    /// The method as it stands in a request line, in capitals.
    public var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .connect: "CONNECT"
        case .trace: "TRACE"
        }
    }

    /// The method named by `text`, in capitals; nil for any other token.
    public init?(_ text: some StringProtocol) {
        guard let found = Method.allCases.first(where: { $0.description == text }) else { return nil }
        self = found
    }

    /// Whether a request with it changes nothing at the server (RFC 9110, section 9.2.1).
    public var isSafe: Bool { self == .get || self == .head || self == .options || self == .trace }
}

extension Method: CustomStringConvertible {
    /// The method's name as text.
    public var description: String { name.description }
}
