import WireProtocol

/// Whether an answer to a conditional GET or HEAD is sent whole (RFC 9110, section 13).
///
/// Conditions of writes are the handler's: only it can compare and change in one step.
enum Preconditions {
    /// What becomes of the answer.
    enum Verdict: Equatable {
        /// It is sent.
        case proceed
        /// 304.
        case notModified
        /// 412.
        case failed
    }

    /// Whether a field makes a request conditional; the name is in lower case.
    @inline(__always)
    static func isCondition(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 8: name.isText("if-match") || name.isText("if-range")
        case 13: name.isText("if-none-match")
        case 17: name.isText("if-modified-since")
        case 19: name.isText("if-unmodified-since")
        default: false
        }
    }

    /// The verdict on an answer that would be a 200; any other is sent, whatever the conditions (section 13.2.1).
    static func evaluate(
        _ method: Method, _ headers: HeaderList, _ response: borrowing OutgoingResponse, unixSeconds: Int64
    ) -> Verdict {
        guard response.status == .ok, isConditional(headers) else { return .proceed }
        return response.headers.packed.withUnsafeBytes { bytes in
            var etag: UnsafeRawBufferPointer?
            var lastModified: Int64?
            var offset = 0
            while offset + 4 <= bytes.count {
                let name = offset + 4
                let value = name + (Int(bytes[offset]) | Int(bytes[offset + 1]) << 8)
                let end = value + (Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8)
                if value - name == 4, etag == nil, bytes.part(name..<value).isText("etag") {
                    etag = bytes.part(value..<end)
                } else if value - name == 13, lastModified == nil, bytes.part(name..<value).isText("last-modified") {
                    lastModified = HTTPDate.parse(bytes.part(value..<end), unixSeconds: unixSeconds)
                }
                offset = end
            }
            return evaluate(method, headers, etag: etag, lastModified: lastModified, unixSeconds: unixSeconds)
        }
    }

    /// Whether a request has any condition; most have none.
    static func isConditional(_ headers: HeaderList) -> Bool {
        var isConditional = false
        headers.forEach { name, _ in
            if isCondition(name) { isConditional = true }
        }
        return isConditional
    }

    /// Whether `If-None-Match` names the answer's tag as it is compressed; nil where it names both forms, or none. That is
    /// the form which the client has, and whose 304 it can make use of (RFC 9111, section 4.3.4).
    static func namesCompressed(_ headers: HeaderList, _ response: borrowing OutgoingResponse) -> Bool? {
        response.headers.withFirst("etag") { value -> Bool? in
            guard let current = EntityTag(value) else { return nil }
            var isPlainNamed = false
            var isCompressedNamed = false
            headers.forEach { name, value in
                guard name.isText("if-none-match") else { return }
                var scanner = EntityTagScanner(value)
                _ = scanner.skipSeparators()
                while let tag = scanner.tag() {
                    if current.isNamed(by: tag, strongly: false) {
                        let isPlain = tag.opaque.count == current.opaque.count
                        if isPlain { isPlainNamed = true } else { isCompressedNamed = true }
                    }
                    _ = scanner.skipSeparators()
                }
            }
            return isPlainNamed == isCompressedNamed ? nil : isCompressedNamed
        } ?? nil
    }

    /// The verdict, in the order of section 13.2.2.
    ///
    /// A date that is malformed, or that comes twice, is as if it were not there; so is one where the answer has no
    /// date to compare.
    ///
    /// - Parameters:
    ///   - headers: the request's.
    ///   - etag: the value of the answer's `ETag`, uncompressed; nil: it has none.
    ///   - lastModified: the answer's `Last-Modified`, in seconds since 1970; nil: it has none.
    ///   - unixSeconds: the present time, for years of two digits.
    static func evaluate(
        _ method: Method, _ headers: HeaderList, etag: UnsafeRawBufferPointer?, lastModified: Int64?,
        unixSeconds: Int64
    ) -> Verdict {
        guard method == .get || method == .head else { return .proceed }
        let current = etag.flatMap { EntityTag($0) }
        var match = TagCondition()
        var noneMatch = TagCondition()
        var modifiedSince = DateCondition()
        var unmodifiedSince = DateCondition()
        headers.forEach { name, value in
            switch name.count {
            case 8 where name.isText("if-match"): match.note(value, current: current, strongly: true)
            case 13 where name.isText("if-none-match"):
                noneMatch.note(value, current: current, strongly: false)
            case 17 where name.isText("if-modified-since"):
                modifiedSince.note(value, unixSeconds: unixSeconds)
            case 19 where name.isText("if-unmodified-since"):
                unmodifiedSince.note(value, unixSeconds: unixSeconds)
            default: break
            }
        }
        if match.isPresent {
            guard match.isFulfilled else { return .failed }
        } else if let date = unmodifiedSince.date, let lastModified, lastModified > date {
            return .failed
        }
        if noneMatch.isPresent {
            return noneMatch.isFulfilled ? .notModified : .proceed
        }
        if let date = modifiedSince.date, let lastModified, lastModified <= date { return .notModified }
        return .proceed
    }
}

/// `If-Modified-Since` or `If-Unmodified-Since`.
private struct DateCondition {
    private var lines = 0
    private var parsed: Int64?

    /// Nil where there is none, or none that counts.
    var date: Int64? { lines == 1 ? parsed : nil }

    mutating func note(_ value: UnsafeRawBufferPointer, unixSeconds: Int64) {
        lines += 1
        parsed = HTTPDate.parse(value, unixSeconds: unixSeconds)
    }
}
