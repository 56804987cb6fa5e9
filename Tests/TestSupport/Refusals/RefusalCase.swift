/// Bytes that the front door must refuse, and how: what the parser's failure is called in the log and in the counters,
/// and what the client gets. The connection closes behind every one of them.
public struct RefusalCase: Sendable, CustomStringConvertible {
    /// What is wrong, in words.
    public let name: String
    /// What is sent, to the end of the fault; whatever follows must never be read as a request.
    public let bytes: String
    /// The reason in the log and in the counters.
    public let reason: String
    /// The status of the answer.
    public let status: Int
    /// The code in the envelope.
    public let code: String

    /// A case; status and code follow from the reason.
    init(_ name: String, _ bytes: String, _ reason: String) {
        self.name = name
        self.bytes = bytes
        self.reason = reason
        (status, code) =
            switch reason {
            case "transferCoding", "method": (501, "NOT_IMPLEMENTED")
            case "expectation": (417, "EXPECTATION_FAILED")
            case "version": (505, "HTTP_VERSION_NOT_SUPPORTED")
            case "headersTooLarge": (431, "HEADERS_TOO_LARGE")
            case "targetTooLong": (414, "URI_TOO_LONG")
            default: (400, "BAD_REQUEST")
            }
    }

    /// The name, for a test's list.
    public var description: String { name }

    /// A request that must get no answer where it follows bytes that were refused.
    public static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A POST to `/echo`, whose body is gathered, with these fields behind `Host`.
    static func post(_ fields: String, _ body: String = "", version: String = "1.1") -> String {
        "POST /echo HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n\(body)"
    }

    /// A chunked POST to `/echo`.
    static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked\r\n", body) }

    /// A GET with these fields and no `Host` of its own.
    static func get(_ fields: String) -> String { "GET / HTTP/1.1\r\n\(fields)\r\n" }

    /// A request of this line and a good `Host`.
    static func line(_ line: String) -> String { "\(line)\r\nHost: a\r\n\r\n" }
}
