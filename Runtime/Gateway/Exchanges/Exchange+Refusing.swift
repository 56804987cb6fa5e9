import WireProtocol

// Requests that are turned away: each gets one line in the log and one count, by its reason.
extension Exchange {
    /// Tells the log why a well-formed request is turned away.
    func denied(_ reason: String) {
        isDenied = true
        loop.observer?.denied(reason, requestID: id, function: function, client: clientText)
    }

    /// Answers with the error of a stage, and tells the log where it is a refusal that it has not heard of yet.
    func turnAway(_ error: APIError) {
        if !isDenied {
            switch ErrorCode(rawValue: error.code) {
            case .payloadTooLarge?:
                // As where the front door finds it out.
                loop.observer?.refused(.bodyTooLarge, requestID: id, client: clientText)
            case let code?:
                if let reason = code.refusalReason { denied(reason) }
            case nil: ()
            }
        }
        fail(error)
    }
}

extension ErrorCode {
    /// The reason of a refusal by the gateway's stages, a constant; nil for what is an ordinary answer, told by the request's
    /// own line: no such address, input that its schema does not allow, an idempotency key in use; and for what has been
    /// told where it was found, as all that concerns callers and rates.
    fileprivate var refusalReason: String? {
        switch self {
        case .badRequest: "bad_request"
        case .methodNotAllowed: "method_not_allowed"
        case .unsupportedMediaType: "unsupported_media_type"
        default: nil
        }
    }
}
