import WireProtocol

/// The 304 that stands for an answer which the client has already (RFC 9110, section 15.4.5).
enum NotModified {
    /// Keeps what is said about the answer and its delivery (`ETag`, `Cache-Control`, `Vary`, `Expires`,
    /// `Content-Location`, cookies, `Age`, whatever else the handler set) and drops what describes a body that is not
    /// sent: the fields that begin with `Content-`, and `Last-Modified` where there is a tag.
    ///
    /// What the gateway adds to every answer, CORS, rates and the request's id, is added after it as to any other.
    ///
    /// - Parameters:
    ///   - headers: those of the 200.
    ///   - isCompressed: whether the 200 that the client has is compressed: its tag is then the one with `-gzip`.
    static func response(_ headers: HeaderList, isCompressed: Bool = false) -> OutgoingResponse {
        let hasTag = headers.contains("etag")
        var kept = HeaderList()
        kept.reserve(headers.packed.count + 96)
        headers.forEach { name, value in
            if isCompressed, name.isText("etag") {
                kept.append("etag", bytes: EntityTag.compressed(value))
            } else if !describesBody(name, hasTag: hasTag) {
                kept.append(name: name, value: value)
            }
        }
        return OutgoingResponse(status: .notModified, headers: kept)
    }

    private static func describesBody(_ name: UnsafeRawBufferPointer, hasTag: Bool) -> Bool {
        guard name.count > 8 else { return false }
        if name.part(0..<8).isText("content-") {
            let rest = name.part(8..<name.count)
            let isSaid =
                rest.isText("location") || rest.isText("security-policy")
                || rest.isText("security-policy-report-only")
            return !isSaid
        }
        return name.isText("accept-ranges") || hasTag && name.isText("last-modified")
    }
}
