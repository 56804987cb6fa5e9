import JSONCoding

extension HTTPRequest {
    /// Makes the value's JSON text the body, and `Content-Type` `application/json`.
    ///
    /// Throws `JSONEncodingError`.
    public mutating func encode<Value: Encodable>(
        _ value: Value, options: JSONEncodingOptions = .init()
    ) throws {
        body = .bytes(try JSONEncoding.encode(value, options: options))
        headers.replace("Content-Type", with: "application/json")
    }

    /// A request whose body is the value's JSON text, with `Content-Type: application/json`; its properties can be
    /// changed afterwards.
    ///
    /// Throws `JSONEncodingError`.
    public init<Value: Encodable>(
        _ method: String = "POST", _ url: String, json value: Value, headers: HTTPHeaders = [:],
        options: JSONEncodingOptions = .init()
    ) throws {
        self.init(method, url, headers: headers)
        try encode(value, options: options)
    }
}
