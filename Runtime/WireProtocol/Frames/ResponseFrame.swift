/// RESPONSE: a reply, with its body where that has 16 KiB at most.
///
/// Layout: `status (2) | kind (1) | bits (1) | headers | [total (8) or next or error] | body`; the body is what is left,
/// or, without the flag END, its length (8). Texts and lists as in `RequestFrame`. A bit tells a body that the handler
/// makes part by part from one that is whole at the worker and only too long for the frame.
public struct ResponseFrame: Sendable, Equatable {
    /// The reply, without its body where that follows.
    public var reply: Reply
    /// Where the body is.
    public var body: BodyPlacement
    /// Whether the handler makes the body part by part.
    public var isStreamed: Bool

    /// What the bits say.
    private static let streamed: UInt8 = 1

    /// Reads a payload; `isEnd` is the frame's flag.
    public init(payload: UnsafeRawBufferPointer, isEnd: Bool) throws(FrameError) {
        var reader = ByteReader(payload)
        let status = Status(try reader.integer(UInt16.self))
        let kind = try reader.integer(UInt8.self)
        let bits = try reader.integer(UInt8.self)
        guard bits & ~ResponseFrame.streamed == 0, bits == 0 || !isEnd else { throw .reservedBits }
        isStreamed = bits != 0
        reply = Reply(status: status, headers: try reader.headers())
        switch kind {
        case 0: break
        case 1: reply.kind = .page(total: try reader.count("total"))
        case 2: reply.kind = .cursorPage(next: nil)
        case 3: reply.kind = .cursorPage(next: try reader.text())
        case 4: reply.kind = .error(try reader.error())
        default: throw .invalidField("kind")
        }
        body = .whole
        if isEnd {
            let rest = reader.rest()
            guard rest.count <= FrameLimits.inline else { throw .invalidField("body") }
            if !rest.isEmpty { reply.body = [UInt8](rest) }
        } else {
            try body.read(&reader)
            try reader.finish()
        }
    }

    /// The reply, moved out.
    @inlinable
    public consuming func takeReply() -> Reply { reply }

    /// Adds a RESPONSE to `out`, with its body when that has 16 KiB at most and `streaming` is nil; else the body
    /// must follow in DATA frames. False, and nothing is added, when the frame would be too long.
    public static func encode(
        _ reply: borrowing Reply, streaming: BodyPlacement? = nil, stream: StreamID,
        into out: inout FrameBuffer
    ) -> Bool {
        let inline = streaming == nil && reply.body.count <= FrameLimits.inline
        let mark = out.beginFrame(.response, flags: inline ? .end : [], stream: stream)
        out.append(integer: reply.status.code)
        let bits: UInt16 = streaming == nil ? 0 : UInt16(ResponseFrame.streamed) << 8
        switch reply.kind {
        case .response: out.append(integer: bits)
        case .page: out.append(integer: bits | 1)
        case .cursorPage(nil): out.append(integer: bits | 2)
        case .cursorPage: out.append(integer: bits | 3)
        case .error: out.append(integer: bits | 4)
        }
        out.append(counted: reply.headers.packed)
        switch reply.kind {
        case .response, .cursorPage(nil): break
        case .page(let total): out.append(integer: UInt64(bitPattern: Int64(total)))
        case .cursorPage(let next?): out.append(text: next)
        case .error(let error): out.append(error: error)
        }
        if inline {
            out.append(reply.body)
        } else if case .follows(let length) = streaming {
            out.append(integer: length.map { UInt64($0) } ?? BodyPlacement.unknown)
        } else {
            out.append(integer: UInt64(reply.body.count))
        }
        return out.endFrame(mark)
    }
}

extension FrameBuffer {
    mutating func append(error: APIError) {
        append(text: error.code)
        append(integer: error.status.code)
        append(integer: UInt8(error.cause == nil ? 0 : 1))
        append(text: error.message)
        append(counted: error.headers.packed)
        append(integer: UInt32(truncatingIfNeeded: error.details.count))
        for detail in error.details {
            append(text: detail.field)
            append(text: detail.location)
            append(text: detail.message)
        }
        if let cause = error.cause { append(text: cause) }
    }
}

extension ByteReader {
    mutating func error() throws(FrameError) -> APIError {
        let code = try text()
        let status = Status(try integer(UInt16.self))
        let hasCause = try integer(UInt8.self)
        guard hasCause <= 1 else { throw .reservedBits }
        var error = APIError(code: code, status: status, message: try text())
        error.headers = try headers()
        let count = try listCount(atLeast: 12)
        for _ in 0..<count {
            error.details.append(
                APIError.Detail(field: try text(), in: try text(), message: try text()))
        }
        if hasCause == 1 { error.cause = try text() }
        return error
    }
}
