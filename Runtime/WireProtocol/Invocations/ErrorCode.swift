/// The codes of the error envelope, each with its status and the sentence that stands where none is given.
public enum ErrorCode: String, Sendable, CaseIterable {
    case badRequest = "BAD_REQUEST"
    case validationError = "VALIDATION_ERROR"
    case idempotencyKeyRequired = "IDEMPOTENCY_KEY_REQUIRED"
    case noToken = "NO_TOKEN"
    case invalidToken = "INVALID_TOKEN"
    case forbidden = "FORBIDDEN"
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case requestTimeout = "REQUEST_TIMEOUT"
    case conflict = "CONFLICT"
    case idempotencyConflict = "IDEMPOTENCY_CONFLICT"
    case idempotencyMismatch = "IDEMPOTENCY_MISMATCH"
    case preconditionFailed = "PRECONDITION_FAILED"
    case payloadTooLarge = "PAYLOAD_TOO_LARGE"
    case uriTooLong = "URI_TOO_LONG"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case expectationFailed = "EXPECTATION_FAILED"
    case preconditionRequired = "PRECONDITION_REQUIRED"
    case rateLimitExceeded = "RATE_LIMIT_EXCEEDED"
    case headersTooLarge = "HEADERS_TOO_LARGE"
    case internalError = "INTERNAL_ERROR"
    case notImplemented = "NOT_IMPLEMENTED"
    case functionCrashed = "FUNCTION_CRASHED"
    case overloaded = "OVERLOADED"
    case functionUnavailable = "FUNCTION_UNAVAILABLE"
    case authUnavailable = "AUTH_UNAVAILABLE"
    case functionTimeout = "FUNCTION_TIMEOUT"
    case httpVersionNotSupported = "HTTP_VERSION_NOT_SUPPORTED"

    /// The status that goes with the code.
    public var status: Status { Status(row.0) }
    /// The sentence that is sent where the error has none of its own.
    public var sentence: String { row.1 }

    private var row: (UInt16, String) {
        switch self {
        case .badRequest: (400, "The request is malformed")
        case .validationError: (400, "Invalid input parameters")
        case .idempotencyKeyRequired: (400, "An Idempotency-Key header is required")
        case .noToken: (401, "Access token required")
        case .invalidToken: (401, "Invalid access token")
        case .forbidden: (403, "You are not allowed to do this")
        case .notFound: (404, "There is nothing at this address")
        case .methodNotAllowed: (405, "This address does not support this method")
        case .requestTimeout: (408, "The request did not arrive in time")
        case .conflict: (409, "The request conflicts with the present state")
        case .idempotencyConflict: (409, "A request with this Idempotency-Key is still running")
        case .idempotencyMismatch: (422, "This Idempotency-Key was used with another request")
        case .preconditionFailed: (412, "A precondition of the request does not hold")
        case .payloadTooLarge: (413, "The request body is too large")
        case .uriTooLong: (414, "The address is too long")
        case .unsupportedMediaType: (415, "Send the body with Content-Type: application/json")
        case .expectationFailed: (417, "The only expectation that is met is 100-continue")
        case .preconditionRequired: (428, "The request must be conditional")
        case .rateLimitExceeded: (429, "Too many requests, please try again later")
        case .headersTooLarge: (431, "The request's headers are too large")
        case .internalError: (500, "Something went wrong on our side")
        case .notImplemented: (501, "The server does not know how to do this")
        case .functionCrashed: (502, "The function ended while it handled the request")
        case .overloaded: (503, "The service is overloaded, please try again later")
        case .functionUnavailable: (503, "The function is not available, please try again later")
        case .authUnavailable: (503, "Tokens cannot be checked at the moment, please try again later")
        case .functionTimeout: (504, "The function did not answer in time")
        case .httpVersionNotSupported: (505, "Only HTTP/1.0 and HTTP/1.1 are spoken here")
        }
    }
}
