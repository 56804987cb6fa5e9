import WireProtocol

extension FrameSample {
    /// One sample of each frame, and of each form that a frame has.
    static let all: [FrameSample] = links + leases + requests + responses

    private static let links: [FrameSample] = [
        FrameSample(name: "hello") {
            HelloFrame(pid: 4711, function: "ListUsers", sdk: "swift/1.0").encode(into: &$0)
        } matches: {
            try HelloFrame(payload: $1) == HelloFrame(pid: 4711, function: "ListUsers", sdk: "swift/1.0")
        },
        FrameSample(name: "setup") {
            SetupFrame(function: "ListUsers", revision: "r1").encode(into: &$0)
        } matches: {
            try SetupFrame(payload: $1) == SetupFrame(function: "ListUsers", revision: "r1")
        },
        FrameSample(name: "setup-page") {
            pagedSetup.encode(into: &$0)
        } matches: {
            try SetupFrame(payload: $1) == pagedSetup
        },
        FrameSample(name: "ready") {
            ReadyFrame(startMicroseconds: 1_234).encode(into: &$0)
        } matches: {
            try ReadyFrame(payload: $1) == ReadyFrame(startMicroseconds: 1_234)
        },
        FrameSample(name: "start-failed") {
            StartFailedFrame(message: "no database").encode(into: &$0)
        } matches: {
            try StartFailedFrame(payload: $1) == StartFailedFrame(message: "no database")
        },
        FrameSample(name: "window-stream") {
            WindowFrame(increment: 32_768).encode(stream: StreamID(7), into: &$0)
        } matches: {
            try WindowFrame(payload: $1) == WindowFrame(increment: 32_768) && $0.stream == StreamID(7)
        },
        FrameSample(name: "window-link") {
            WindowFrame(increment: 524_288).encode(stream: .link, into: &$0)
        } matches: {
            try WindowFrame(payload: $1) == WindowFrame(increment: 524_288) && $0.stream == .link
        },
        FrameSample(name: "cancel") {
            CancelFrame(reason: .clientGone).encode(stream: StreamID(7), into: &$0)
        } matches: {
            try CancelFrame(payload: $1) == CancelFrame(reason: .clientGone) && $0.stream == StreamID(7)
        },
        FrameSample(name: "reset") {
            ResetFrame(error: error).encode(stream: StreamID(7), into: &$0)
        } matches: {
            try ResetFrame(payload: $1) == ResetFrame(error: error) && $0.stream == StreamID(7)
        },
        FrameSample(name: "ping") {
            PingFrame(token: 99).encode(into: &$0)
        } matches: {
            try PingFrame(payload: $1) == PingFrame(token: 99)
        },
        FrameSample(name: "pong") {
            PongFrame(token: 99, handled: 12_345_678_901, inFlight: 3).encode(into: &$0)
        } matches: {
            try PongFrame(payload: $1) == PongFrame(token: 99, handled: 12_345_678_901, inFlight: 3)
        },
        FrameSample(name: "log") {
            line.encode(stream: StreamID(7), into: &$0)
        } matches: {
            try LogFrame(payload: $1) == line && $0.stream == StreamID(7)
        },
        FrameSample(name: "drain") {
            $0.appendFrame(.drain)
        } matches: {
            $0.type == .drain && $1.isEmpty
        },
        FrameSample(name: "goodbye") {
            $0.appendFrame(.goodbye)
        } matches: {
            $0.type == .goodbye && $1.isEmpty
        },
        FrameSample(name: "data") {
            dataFrame(&$0)
        } matches: {
            $0.type == .data && $0.stream == StreamID(1) && !$0.isEnd && $1.count == 20
        },
        FrameSample(name: "shared-data") {
            SharedDataFrame(offset: 65_536, count: 4_711).encode(stream: StreamID(7), isEnd: true, into: &$0)
        } matches: {
            try SharedDataFrame(payload: $1) == SharedDataFrame(offset: 65_536, count: 4_711)
                && $0.stream == StreamID(7) && $0.isEnd
        },
        FrameSample(name: "setup-shared-memory") {
            sharingSetup.encode(into: &$0)
        } matches: {
            try SetupFrame(payload: $1) == sharingSetup
        },
    ]

    private static let leases: [FrameSample] = [
        FrameSample(name: "setup-leases") {
            leasingSetup.encode(into: &$0)
        } matches: {
            try SetupFrame(payload: $1) == leasingSetup
        },
        FrameSample(name: "lease-request") {
            LeaseRequestFrame(lease: 77, idle: 1).encode(into: &$0)
        } matches: {
            try LeaseRequestFrame(payload: $1) == LeaseRequestFrame(lease: 77, idle: 1)
        },
        FrameSample(name: "lease-grant") {
            LeaseGrantFrame(lease: 77, outcome: .granted).encode(into: &$0)
        } matches: {
            try LeaseGrantFrame(payload: $1) == LeaseGrantFrame(lease: 77, outcome: .granted)
        },
        FrameSample(name: "lease-denied") {
            LeaseGrantFrame(lease: 78, outcome: .timedOut).encode(into: &$0)
        } matches: {
            try LeaseGrantFrame(payload: $1) == LeaseGrantFrame(lease: 78, outcome: .timedOut)
        },
        FrameSample(name: "lease-recall") {
            LeaseRecallFrame(wanted: 2, kept: 1, returned: 12_345_678_901).encode(into: &$0)
        } matches: {
            try LeaseRecallFrame(payload: $1) == LeaseRecallFrame(wanted: 2, kept: 1, returned: 12_345_678_901)
        },
        FrameSample(name: "lease-return") {
            LeaseReturnFrame(leases: [77, 12_345_678_901], idle: 3).encode(into: &$0)
        } matches: {
            try LeaseReturnFrame(payload: $1) == LeaseReturnFrame(leases: [77, 12_345_678_901], idle: 3)
        },
        FrameSample(name: "lease-idle") {
            LeaseReturnFrame(leases: [], idle: 3).encode(into: &$0)
        } matches: {
            try LeaseReturnFrame(payload: $1) == LeaseReturnFrame(leases: [], idle: 3)
        },
    ]

    private static let sharingSetup = SetupFrame(function: "Upload", revision: "r1", sharedMemory: 1_048_576)

    private static let leasingSetup = SetupFrame(
        function: "GetUser", revision: "r1", leases: LeaseSettings(connections: 20, waitMilliseconds: 2_000))

    private static let requests: [FrameSample] = [
        request("request", invocation),
        request("request-bare", bare),
        request("request-cursor-start", withPage(.cursor(after: nil, limit: 20))),
        request("request-cursor-after", withPage(.cursor(after: "p/7", limit: 20))),
        FrameSample(name: "request-body-follows") {
            _ = RequestFrame.encode(bare, streaming: .follows(length: nil), stream: StreamID(7), into: &$0)
        } matches: {
            let read = try RequestFrame(payload: $1, isEnd: $0.isEnd)
            return read.invocation == bare && read.body == .follows(length: nil)
        },
    ]

    private static let responses: [FrameSample] = [
        response("response", Reply(headers: ["ETag": "\"1\""], body: Array("{}".utf8))),
        response("response-empty", Reply(status: .noContent)),
        response("response-page", Reply(kind: .page(total: 57), body: Array("[]".utf8))),
        response("response-cursor", Reply(kind: .cursorPage(next: "p/27"), body: Array("[]".utf8))),
        response("response-cursor-end", Reply(kind: .cursorPage(next: nil), body: Array("[]".utf8))),
        response("response-error", Reply(status: error.status, kind: .error(error))),
        FrameSample(name: "response-body-follows") {
            let reply = Reply(body: Array(repeating: 1, count: 20_000))
            _ = ResponseFrame.encode(reply, stream: StreamID(7), into: &$0)
        } matches: {
            let read = try ResponseFrame(payload: $1, isEnd: $0.isEnd)
            return read.reply == Reply() && read.body == .follows(length: 20_000)
        },
    ]

    private static let pagedSetup = SetupFrame(
        function: "ListUsers", revision: "r1", link: LinkSettings(concurrency: 4),
        page: PageSettings(style: .page, defaultLimit: 10, maxLimit: 100))

    private static let line = LogFrame(
        level: .warning, message: "slow", metadata: [.init("ms", "31"), .init("query", "select 1")])

    /// DATA is written by a link only.
    private static func dataFrame(_ out: inout FrameBuffer) {
        var link = Link(role: .gateway)
        var head = FrameBuffer()
        guard let stream = link.openStreaming(bare, length: nil, into: &head) else { return }
        link.send(Array(repeating: 0x61, count: 20), on: stream, end: false)
        link.writeData(into: &out)
    }
}
