import JSONCoding

/// A response as the handler wants it: any status, headers and body.
///
/// Framing headers (`Content-Length`, `Transfer-Encoding`, `Connection`) are the runtime's; a handler that sets them
/// is answered 502.
public struct Response: FunctionOutput, Equatable {
    /// The status, 200 to 599.
    public var status: Status
    /// The header fields.
    public var headers: HeaderList
    /// The body.
    public var body: [UInt8]

    /// A response of bytes; see the properties.
    public init(status: Status = .ok, headers: HeaderList = HeaderList(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response of text, `text/plain` unless `contentType` says otherwise.
    public static func text(
        _ text: String, contentType: String = "text/plain; charset=utf-8", status: Status = .ok
    ) -> Response {
        Response(status: status, headers: ["Content-Type": contentType], body: Array(text.utf8))
    }

    /// A response of JSON. Throws when the value cannot be encoded.
    public static func json<Value: Encodable>(
        _ value: Value, status: Status = .ok, headers: HeaderList = HeaderList()
    ) throws -> Response {
        var headers = headers
        headers.set("Content-Type", "application/json")
        return Response(status: status, headers: headers, body: try JSONEncoding.encode(value))
    }

    /// A redirection, 303 See Other unless `status` says otherwise (RFC 9110, section 15.4).
    public static func redirect(to location: String, status: Status = Status(303)) -> Response {
        Response(status: status, headers: ["Location": location])
    }

    /// Writes it as it is.
    public func write(to reply: inout Reply) throws {
        reply.status = status
        reply.headers = headers
        reply.body = body
    }
}
