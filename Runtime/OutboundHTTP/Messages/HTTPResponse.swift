import JSONCoding

/// What another service answered.
public struct HTTPResponse: Sendable, Equatable {
    /// The status code.
    public var status: Int
    /// The header fields of the final answer; those of interim ones (1xx) and trailers are dropped.
    public var headers: HTTPHeaders
    /// The body, as it came.
    public var body: [UInt8]

    /// An answer; see the properties.
    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Whether the status is 200 to 299.
    public var isSuccess: Bool { (200...299).contains(status) }

    /// The value that the body is the JSON text of, whatever the status and the content type.
    ///
    /// Throws `JSONDecodingError`, which has the path to the fault.
    public func decode<Value: Decodable>(
        _ type: Value.Type, options: JSONDecodingOptions = .init()
    ) throws -> Value {
        try JSONDecoding.decode(type, from: body, options: options)
    }
}
