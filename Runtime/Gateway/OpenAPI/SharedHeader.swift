import JSONCoding

/// The header fields that the conventions put on answers.
enum SharedHeader: String {
    case requestID = "X-Request-Id"
    case rateLimit = "RateLimit"
    case rateLimitPolicy = "RateLimit-Policy"
    case retryAfter = "Retry-After"
    case link = "Link"
    case entityTag = "ETag"
    case cacheControl = "Cache-Control"
    case age = "Age"
    case cacheStatus = "Cache-Status"
    case location = "Location"
    case replayed = "Idempotent-Replayed"
    case challenge = "WWW-Authenticate"
    case allow = "Allow"

    /// The header object. Only the request's id is on every answer whatever the handler does.
    var value: JSONValue {
        let (type, text): (JSONValue, String) =
            switch self {
            case .requestID: ("string", "Names the request in logs and errors.")
            case .rateLimit: ("string", "What is left of each limit, and the seconds until there is more.")
            case .rateLimitPolicy: ("string", "The limits: requests and seconds.")
            case .retryAfter: ("integer", "Seconds after which another try makes sense.")
            case .link: ("string", "The pages around this one (RFC 8288).")
            case .entityTag: ("string", "Names this state of the answer (RFC 9110, section 8.8.3).")
            case .cacheControl: ("string", "How long the answer may be kept (RFC 9111).")
            case .age: ("integer", "Seconds since the answer was made, where it was kept.")
            case .cacheStatus: ("string", "Whether the answer was kept (RFC 9211).")
            case .location: ("string", "The address of what was created.")
            case .replayed: ("string", "true: the answer to an earlier request with the same key.")
            case .challenge: ("string", "How to authenticate (RFC 9110, section 11.6.1).")
            case .allow: ("string", "The methods of this address.")
            }
        var schema: JSONObject = ["type": type]
        if type == "integer" { schema["minimum"] = 0 }
        var header: JSONObject = ["description": .string(text), "schema": .object(schema)]
        if self == .requestID { header["required"] = true }
        return .object(header)
    }
}
