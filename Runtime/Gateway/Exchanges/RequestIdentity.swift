import WireProtocol

/// Who a request is, for logs and traces (contract 3.1).
enum RequestIdentity {
    /// The client's id where it is acceptable, else a new one.
    static func requestID(_ headers: HeaderList, _ index: HeaderIndex, _ loop: LoopSnapshot) -> RequestID {
        if let range = index.requestID {
            let given = headers.packed.withUnsafeBytes { RequestID(header: $0.part(range)) }
            if let given { return given }
        }
        return loop.makeRequestID()
    }

    /// The client's trace with a new parent id where `traceparent` is valid, else a new trace.
    static func trace(_ headers: HeaderList, _ index: HeaderIndex, _ loop: LoopSnapshot) -> TraceContext {
        guard let range = index.traceparent, !index.traceparentIsDoubled else { return loop.makeTrace() }
        let given = headers.packed.withUnsafeBytes { TraceContext(traceparent: $0.part(range)) }
        guard var trace = given else { return loop.makeTrace() }
        trace.parent = loop.random.next() | 1
        // Only "sampled" is defined; the others must be sent as zero (W3C Trace Context, section 3.2.2.5).
        trace.flags &= 1
        if index.hasTraceState { trace.state = headers.values("tracestate").joined(separator: ",") }
        return trace
    }

    /// The header fields without those that reach the worker by `Invocation.requestID` and `Invocation.trace`:
    /// what is not valid must not be passed on by a handler that copies its headers.
    static func without(_ headers: HeaderList) -> HeaderList {
        var rest = HeaderList()
        rest.reserve(headers.packed.count)
        headers.forEach { name, value in
            if name.isText("x-request-id") || name.isText("traceparent") || name.isText("tracestate") {
                return
            }
            rest.append(name: name, value: value)
        }
        return rest
    }
}
