/// REQUEST: an invocation, with its body where that has 16 KiB at most.
///
/// Layout: `bits (1) | method (1) | trace flags (1) | 0 (1) | timeout (4) | trace (8 + 8) | parent (8) | request id |
/// [tracestate] | path | headers | parameters | query | [caller id] | [claims] | roles | scopes | [page] | body`.
/// A text is its length (4) and its bytes; a list its count (4) and its elements; the body is what is left, or,
/// without the flag END, its length (8). A bit tells a body that the handler gets part by part from one that the worker
/// gathers first.
public struct RequestFrame: Sendable, Equatable {
    /// The invocation, without its body where that follows.
    public var invocation: Invocation
    /// Where the body is.
    public var body: BodyPlacement

    /// The invocation, moved out.
    @inlinable
    public consuming func takeInvocation() -> Invocation { invocation }

    /// What the first byte says.
    private enum Bits {
        static let textID: UInt8 = 1
        static let traceState: UInt8 = 2
        static let callerID: UInt8 = 4
        static let claims: UInt8 = 8
        static let pageShift: UInt8 = 4
        static let streamed: UInt8 = 0x40
        static let known: UInt8 = 0x7F
    }

    /// Reads a payload; `isEnd` is the frame's flag.
    public init(payload: UnsafeRawBufferPointer, isEnd: Bool) throws(FrameError) {
        var reader = ByteReader(payload)
        let bits = try reader.integer(UInt8.self)
        guard bits & ~Bits.known == 0 else { throw .reservedBits }
        guard let method = Method(rawValue: try reader.integer(UInt8.self)) else {
            throw .invalidField("method")
        }
        let flags = try reader.integer(UInt8.self)
        guard try reader.integer(UInt8.self) == 0 else { throw .reservedBits }
        let timeout = try reader.integer(UInt32.self)
        var trace = TraceContext(
            traceHigh: try reader.integer(UInt64.self), traceLow: try reader.integer(UInt64.self),
            parent: try reader.integer(UInt64.self), flags: flags)
        let requestID: RequestID
        if bits & Bits.textID != 0 {
            requestID = .given(try reader.text())
        } else {
            requestID = .generated(
                high: try reader.integer(UInt64.self), low: try reader.integer(UInt64.self))
        }
        if bits & Bits.traceState != 0 { trace.state = try reader.text() }
        let path = [UInt8](try reader.counted())
        let headers = try reader.headers()
        let parameters = try reader.parameters()
        let query = try reader.parameters()
        var caller = Caller()
        if bits & Bits.callerID != 0 { caller.id = try reader.text() }
        if bits & Bits.claims != 0 { caller.claims = try reader.text() }
        caller.roles = try reader.texts()
        caller.scopes = try reader.texts()
        let page = try RequestFrame.page(bits >> Bits.pageShift & 3, &reader)
        invocation = Invocation(
            requestID: requestID, trace: trace, method: method, path: path, parameters: parameters,
            query: query,
            headers: headers, caller: caller, page: page, timeoutMilliseconds: timeout)
        body = .whole
        if isEnd {
            let rest = reader.rest()
            guard rest.count <= FrameLimits.inline else { throw .invalidField("body") }
            if !rest.isEmpty { invocation.body = [UInt8](rest) }
        } else {
            try body.read(&reader)
            try reader.finish()
        }
        if bits & Bits.streamed != 0 {
            guard !isEnd else { throw .invalidField("body") }
            invocation.placement = body
        }
    }

    /// Adds a REQUEST to `out`, with its body when that has 16 KiB at most and `streaming` is nil; else the body
    /// must follow in DATA frames. False, and nothing is added, when the frame would be too long.
    public static func encode(
        _ invocation: borrowing Invocation, streaming: BodyPlacement? = nil, stream: StreamID,
        into out: inout FrameBuffer
    ) -> Bool {
        let inline = streaming == nil && invocation.body.count <= FrameLimits.inline
        let mark = out.beginFrame(.request, flags: inline ? .end : [], stream: stream)
        writeHead(invocation, into: &out)
        if inline {
            out.append(invocation.body)
        } else if case .follows(let length) = streaming {
            out.append(integer: length.map { UInt64($0) } ?? BodyPlacement.unknown)
        } else {
            out.append(integer: UInt64(invocation.body.count))
        }
        return out.endFrame(mark)
    }

    private static func writeHead(_ invocation: borrowing Invocation, into out: inout FrameBuffer) {
        var bits: UInt8 = 0
        if case .given = invocation.requestID { bits |= Bits.textID }
        if invocation.trace.state != nil { bits |= Bits.traceState }
        if invocation.caller.id != nil { bits |= Bits.callerID }
        if invocation.caller.claims != nil { bits |= Bits.claims }
        if invocation.placement != .whole { bits |= Bits.streamed }
        switch invocation.page {
        case nil: break
        case .page: bits |= 1 << Bits.pageShift
        case .cursor(nil, _): bits |= 2 << Bits.pageShift
        case .cursor: bits |= 3 << Bits.pageShift
        }
        out.append(integer: bits)
        out.append(integer: invocation.method.rawValue)
        out.append(integer: invocation.trace.flags)
        out.append(integer: UInt8(0))
        out.append(integer: invocation.timeoutMilliseconds)
        out.append(integer: invocation.trace.traceHigh)
        out.append(integer: invocation.trace.traceLow)
        out.append(integer: invocation.trace.parent)
        switch invocation.requestID {
        case .given(let text): out.append(text: text)
        case .generated(let high, let low):
            out.append(integer: high)
            out.append(integer: low)
        }
        if let state = invocation.trace.state { out.append(text: state) }
        out.append(counted: invocation.path)
        out.append(counted: invocation.headers.packed)
        out.append(parameters: invocation.parameters)
        out.append(parameters: invocation.query)
        if let id = invocation.caller.id { out.append(text: id) }
        if let claims = invocation.caller.claims { out.append(text: claims) }
        out.append(texts: invocation.caller.roles)
        out.append(texts: invocation.caller.scopes)
        switch invocation.page {
        case nil: break
        case .page(let number, let limit):
            out.append(integer: UInt64(bitPattern: Int64(number)))
            out.append(integer: UInt64(bitPattern: Int64(limit)))
        case .cursor(let after, let limit):
            if let after { out.append(text: after) }
            out.append(integer: UInt64(bitPattern: Int64(limit)))
        }
    }

    private static func page(_ style: UInt8, _ reader: inout ByteReader) throws(FrameError) -> PageWindow? {
        switch style {
        case 0: return nil
        case 1: return .page(number: try reader.count("page"), limit: try reader.count("limit"))
        case 2: return .cursor(after: nil, limit: try reader.count("limit"))
        default: return .cursor(after: try reader.text(), limit: try reader.count("limit"))
        }
    }
}

extension FrameBuffer {
    mutating func append(parameters: [Invocation.Parameter]) {
        append(integer: UInt32(truncatingIfNeeded: parameters.count))
        for parameter in parameters {
            append(text: parameter.name)
            append(text: parameter.value)
        }
    }

    mutating func append(texts: [String]) {
        append(integer: UInt32(truncatingIfNeeded: texts.count))
        for text in texts { append(text: text) }
    }
}
