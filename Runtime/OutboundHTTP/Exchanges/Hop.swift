/// One request to one server on the way to the answer: what the caller asked for, or what a redirect made of it.
struct Hop: Sendable {
    var method: String
    var address: RequestAddress
    var headers: HTTPHeaders
    var body: HTTPRequestBody
    /// How many more redirects may be followed; nil where none ever are.
    private var redirectsLeft: Int?

    init(_ request: HTTPRequest) throws(HTTPClientError) {
        method = request.method
        address = try RequestAddress(request.url)
        headers = request.headers
        body = request.body
        redirectsLeft = request.redirects == 0 ? nil : request.redirects
    }

    /// What to send next after this answer; nil when it is the last (RFC 9110, section 15.4). `hasBodyBegun`: a part of a
    /// streamed body has been asked for, and will not come again.
    ///
    /// Throws `tooManyRedirects` and `redirectRefused`.
    func following(
        status: Int, location: String?, hasBodyBegun: Bool
    ) throws(HTTPClientError) -> Hop? {
        guard let left = redirectsLeft, [301, 302, 303, 307, 308].contains(status), let location else {
            return nil
        }
        guard left > 0 else {
            throw HTTPClientError(.tooManyRedirects, "The answer is one redirect too many", mayHaveBeenSent: true)
        }
        var next = self
        next.redirectsLeft = left - 1
        next.address = try address.following(location)
        guard next.address.scheme == address.scheme else {
            throw HTTPClientError(
                .redirectRefused, "The answer redirects to another scheme", mayHaveBeenSent: true)
        }
        let losesBody =
            status == 303 && method != "HEAD" || (status == 301 || status == 302) && method == "POST"
        if losesBody {
            next.method = "GET"
            next.body = .none
            next.headers = headers.filtered { !Self.isOfBody($0.name) }
        } else if hasBodyBegun {
            throw HTTPClientError(
                .redirectRefused, "The answer asks for a streamed body again", mayHaveBeenSent: true)
        }
        if !address.isSameOrigin(as: next.address) {
            next.headers = next.headers.filtered { Self.isFitForOthers($0.name) }
        }
        return next
    }

    private static func isOfBody(_ name: String) -> Bool {
        ["content-type", "content-encoding", "content-language", "content-location", "digest", "content-digest"]
            .contains { HTTPHeaders.isSame($0, name) }
    }

    /// Only fields that are known to hold no secret: a list of those that do would lack every service's own key header.
    private static func isFitForOthers(_ name: String) -> Bool {
        [
            "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "content-type",
            "content-encoding", "content-language", "if-match", "if-modified-since", "if-none-match",
            "if-unmodified-since", "prefer", "range", "if-range", "user-agent", "traceparent", "tracestate",
            "x-request-id",
        ].contains { HTTPHeaders.isSame($0, name) }
    }
}
