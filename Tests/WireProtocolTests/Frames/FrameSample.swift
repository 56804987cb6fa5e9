import Testing
import WireProtocol

/// One frame of known contents: how it is written, and whether what is read from a payload equals it.
struct FrameSample: Sendable, CustomTestStringConvertible {
    let name: String
    let encode: @Sendable (inout FrameBuffer) -> Void
    let matches: @Sendable (FrameHeader, UnsafeRawBufferPointer) throws -> Bool

    var testDescription: String { name }

    var bytes: [UInt8] {
        var out = FrameBuffer()
        encode(&out)
        return out.bytes
    }

    static let error = APIError(
        .validationError, details: [.init(field: "lines[0].quantity", in: "body", message: "is missing")],
        headers: ["Retry-After": "3"], cause: "no cause")

    static let invocation = Invocation(
        requestID: .generated(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210),
        trace: TraceContext(traceHigh: 1, traceLow: 2, parent: 3, flags: 1, state: "vendor=1"), method: .post,
        path: Array("/api/users/42".utf8), parameters: [.init("id", "42")],
        query: [.init("tag", "a"), .init("tag", "é")], headers: ["Content-Type": "application/json"],
        caller: Caller(
            id: "u1", roles: ["admin", "support"], scopes: ["users:write"], claims: #"{"sub":"u1"}"#),
        page: .page(number: 2, limit: 10), timeoutMilliseconds: 10_000, body: Array(#"{"a":1}"#.utf8))

    static let bare = Invocation(
        requestID: .given("abc"), trace: TraceContext(traceHigh: 1, traceLow: 2, parent: 3, flags: 0),
        method: .get,
        path: Array("/".utf8))

    static func withPage(_ page: PageWindow?) -> Invocation {
        var invocation = bare
        invocation.page = page
        return invocation
    }

    static func request(_ name: String, _ invocation: Invocation) -> FrameSample {
        FrameSample(name: name) { out in
            _ = RequestFrame.encode(invocation, stream: StreamID(7), into: &out)
        } matches: { header, payload in
            let read = try RequestFrame(payload: payload, isEnd: header.isEnd)
            return read.invocation == invocation && read.body == .whole && header.stream == StreamID(7)
        }
    }

    static func response(_ name: String, _ reply: Reply) -> FrameSample {
        FrameSample(name: name) { out in
            _ = ResponseFrame.encode(reply, stream: StreamID(7), into: &out)
        } matches: { header, payload in
            let read = try ResponseFrame(payload: payload, isEnd: header.isEnd)
            return read.reply == reply && read.body == .whole && header.stream == StreamID(7)
        }
    }
}
