/// A failure as the client sees it: every one, wherever it arises, becomes the one error envelope.
///
/// The cause is for the log and never leaves the machine.
public struct APIError: Error, Sendable, Equatable {
    /// One fault of the input.
    public struct Detail: Sendable, Equatable {
        /// The field's name or path, `lines[0].quantity`.
        public var field: String
        /// Where the field stands: `body`, `query`, `path` or `header`.
        public var location: String
        /// What is wrong with it.
        public var message: String

        /// A fault; see the properties.
        public init(field: String, in location: String, message: String) {
            self.field = field
            self.location = location
            self.message = message
        }
    }

    /// The code, a constant in capitals; handlers may have codes of their own.
    public var code: String
    /// The status, 400 to 599.
    public var status: Status
    /// A sentence for the client.
    public var message: String
    /// The faults of the input; empty for other errors.
    public var details: [Detail]
    /// Header fields that the answer carries: `Allow`, `Retry-After`, `WWW-Authenticate`.
    public var headers: HeaderList
    /// What went wrong inside, for the log only; never sent to a client.
    public var cause: String?

    /// An error with a code of the runtime's table, and its sentence unless one is given.
    public init(
        _ code: ErrorCode, _ message: String? = nil, details: [Detail] = [],
        headers: HeaderList = HeaderList(),
        cause: String? = nil
    ) {
        self.init(
            code: code.rawValue, status: code.status, message: message ?? code.sentence, details: details,
            headers: headers, cause: cause)
    }

    /// An error with a code and status of one's own.
    public init(
        code: String, status: Status, message: String, details: [Detail] = [],
        headers: HeaderList = HeaderList(),
        cause: String? = nil
    ) {
        self.code = code
        self.status = status
        self.message = message
        self.details = details
        self.headers = headers
        self.cause = cause
    }

    /// 404: there is no such thing; `notFound("user")` says "The user was not found".
    public static func notFound(_ what: String) -> APIError {
        APIError(.notFound, "The \(what) was not found")
    }
    /// 400: the request makes no sense.
    public static func badRequest(_ message: String) -> APIError { APIError(.badRequest, message) }
    /// 400: one field of the input is wrong.
    public static func invalid(_ field: String, in location: String = "body", _ message: String) -> APIError {
        APIError(.validationError, details: [Detail(field: field, in: location, message: message)])
    }
    /// 409: the request conflicts with the present state.
    public static func conflict(_ message: String) -> APIError { APIError(.conflict, message) }
    /// 403: this caller may not do this.
    public static func forbidden(_ message: String? = nil) -> APIError { APIError(.forbidden, message) }
    /// 412: a precondition does not hold.
    public static func preconditionFailed(_ message: String? = nil) -> APIError {
        APIError(.preconditionFailed, message)
    }
    /// 428: the request must be conditional.
    public static func preconditionRequired(_ message: String? = nil) -> APIError {
        APIError(.preconditionRequired, message)
    }
}
