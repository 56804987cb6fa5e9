import JSONCoding

/// An output with a convention of its own: `Page`, `Created`, `Response`.
public protocol FunctionOutput: Sendable {
    /// Writes the output as a reply, which is 200 without headers and body so far. What it throws becomes a 500.
    func write(to reply: inout Reply) throws
}

/// Lists of headers that many replies share.
enum ReplyHeaders {
    static let json: HeaderList = ["Content-Type": "application/json"]
}
