import JSONCoding

/// Something was made: 201 with `Location` (RFC 9110, section 15.3.2), and the thing itself as JSON.
public struct Created<Value: Encodable & Sendable>: FunctionOutput {
    /// What was made.
    public var value: Value
    /// Where it is: a path or an absolute address.
    public var location: String

    /// Something that was made, and where it is.
    public init(_ value: Value, location: String) {
        self.value = value
        self.location = location
    }

    /// Writes 201, `Location` and the value.
    public func write(to reply: inout Reply) throws {
        reply.status = .created
        reply.headers = ReplyHeaders.json
        reply.headers.append("Location", location)
        try JSONEncoding.encode(value, into: &reply.body)
    }
}
