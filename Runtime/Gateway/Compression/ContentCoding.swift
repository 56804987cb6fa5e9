import WireProtocol

/// How a request's body is coded (RFC 9110, section 8.4): as it is, or as gzip once.
enum ContentCoding: Sendable, Equatable {
    case identity
    case gzip

    /// What `Content-Encoding` says, in all its lines; `x-gzip` is gzip.
    ///
    /// - Throws: `UNSUPPORTED_MEDIA_TYPE` with `Accept-Encoding: gzip` (RFC 7694, section 3) for any other coding, and
    ///   for more than one: nobody who means well compresses twice.
    init(_ headers: HeaderList) throws(APIError) {
        var codings = 0
        var isGzip = true
        ListElements.forEach("content-encoding", in: headers) { coding in
            if coding.isTextIgnoringCase("identity") { return true }
            codings += 1
            isGzip = isGzip && (coding.isTextIgnoringCase("gzip") || coding.isTextIgnoringCase("x-gzip"))
            return true
        }
        guard codings <= 1, isGzip else {
            throw APIError(
                .unsupportedMediaType, "Send the body with Content-Encoding: gzip, or without any",
                headers: ["accept-encoding": "gzip"])
        }
        self = codings == 1 ? .gzip : .identity
    }

    /// The fields of a request whose body has been decoded: without those that tell of the bytes as they came.
    static func decoded(_ headers: HeaderList) -> HeaderList {
        var rest = HeaderList()
        rest.reserve(headers.packed.count)
        headers.forEach { name, value in
            if name.isText("content-encoding") || name.isText("content-length") { return }
            rest.append(name: name, value: value)
        }
        return rest
    }
}
