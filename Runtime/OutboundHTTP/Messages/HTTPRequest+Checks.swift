extension HTTPRequest {
    /// Fields that frame the message or belong to the connection (RFC 9110, section 7.6.1): set twice, or set by
    /// whoever may choose a header's name, they would make two messages of one.
    private static let reserved = [
        "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "proxy-authorization",
        "te", "trailer", "upgrade", "expect", "http2-settings",
    ]

    /// Throws unless the method is a token, no field could end the line it stands in, and the numbers make sense.
    func check() throws(HTTPClientError) {
        guard HTTPHeaders.isToken(method), method != "CONNECT" else {
            throw HTTPClientError(.invalidRequest, "The method is no token, or makes a tunnel")
        }
        for field in headers {
            guard HTTPHeaders.isToken(field.name) else {
                throw HTTPClientError(.invalidRequest, "A header's name is no token")
            }
            guard HTTPHeaders.isValue(field.value) else {
                throw HTTPClientError(.invalidRequest, "The header \(field.name) has a control character")
            }
            if Self.reserved.contains(where: { HTTPHeaders.isSame($0, field.name) }) {
                throw HTTPClientError(.invalidRequest, "The header \(field.name) is the client's own")
            }
        }
        guard timeout > .zero, connectTimeout > .zero, maximumBody >= 0, redirects >= 0 else {
            throw HTTPClientError(
                .invalidRequest, "Timeouts must be longer than nothing, and sizes and counts not negative")
        }
        if !body.isNone && (method == "HEAD" || method == "TRACE") {
            throw HTTPClientError(.invalidRequest, "A request of this method has no body")
        }
        if case .stream(let length?, _) = body.content, length < 0 {
            throw HTTPClientError(.invalidRequest, "A body's length is not negative")
        }
        try retries.check()
    }

    /// Whether the request may be sent twice.
    var mayBeRepeated: Bool {
        isIdempotent ?? ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method)
    }
}
