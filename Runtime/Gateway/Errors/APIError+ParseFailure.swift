import WireProtocol

extension APIError {
    /// The error that answers bytes which are no acceptable request.
    init(_ failure: ParseFailure) {
        let code: ErrorCode =
            switch failure {
            case .requestLine, .headerField, .host, .target, .framing, .chunk: .badRequest
            case .transferCoding, .method: .notImplemented
            case .expectation: .expectationFailed
            case .version: .httpVersionNotSupported
            case .headersTooLarge: .headersTooLarge
            case .targetTooLong: .uriTooLong
            case .bodyTooLarge: .payloadTooLarge
            case .tooSlow: .requestTimeout
            }
        self.init(code)
    }
}
