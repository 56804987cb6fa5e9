import WorkerLoop

/// What a request tells of the invocation that it is made for.
enum InvocationHeaders {
    /// The headers with the invocation's id and trace. What the caller set itself stays: with a `traceparent` of the
    /// caller's the invocation's `tracestate` is not added either, for it belongs to another trace.
    static func added(
        to headers: HTTPHeaders, from scope: any InvocationScope, parentID: UInt64
    ) -> HTTPHeaders {
        var headers = headers
        if headers["x-request-id"] == nil, HTTPHeaders.isValue(scope.requestIDText), !scope.requestIDText.isEmpty {
            headers.append("X-Request-Id", scope.requestIDText)
        }
        if headers["traceparent"] == nil, let trace = child(of: scope.traceparent, parentID: parentID) {
            headers.append("traceparent", trace)
            if headers["tracestate"] == nil, let state = scope.tracestate, !state.isEmpty,
                HTTPHeaders.isValue(state)
            {
                headers.append("tracestate", state)
            }
        }
        return headers
    }

    /// `00-<trace id>-<parent id>-<flags>` with another parent id (W3C Trace Context, section 3.2); nil for what has not
    /// that form.
    static func child(of traceparent: String, parentID: UInt64) -> String? {
        let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "00",
            zip(parts, [2, 32, 16, 2]).allSatisfy({ part, count in
                part.utf8.count == count
                    && part.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            })
        else { return nil }
        // An id of zeros is no id.
        let digits = String(max(1, parentID), radix: 16)
        let padding = String(repeating: "0", count: 16 - digits.utf8.count)
        return "00-\(parts[1])-\(padding)\(digits)-\(parts[3])"
    }
}
