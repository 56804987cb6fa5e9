import WireProtocol

/// A gateway's and a worker's end of one link, joined without sockets.
final class LinkPair {
    struct Event: Equatable {
        var type: FrameType
        var stream: StreamID
        var count: Int
        var isEnd: Bool
        var verdict: Link.Verdict
    }

    var gateway: Link
    var worker: Link
    var toWorker = FrameBuffer()
    var toGateway = FrameBuffer()
    private var workerParser = FrameParser()
    private var gatewayParser = FrameParser()

    /// Both ends greeted and ready.
    init(_ settings: LinkSettings = LinkSettings()) throws {
        gateway = Link(role: .gateway, settings: settings)
        worker = Link(role: .worker)
        SetupFrame(function: "F", revision: "r", link: settings).encode(into: &toWorker)
        try pumpToWorker()
        worker.configure(settings)
        HelloFrame(pid: 1, function: "F", sdk: "test").encode(into: &toGateway)
        ReadyFrame(startMicroseconds: 1).encode(into: &toGateway)
        try pumpToGateway()
    }

    /// Whether the gateway has nothing to be written.
    var isQuietToWorker: Bool { toWorker.isEmpty }
    /// Whether the worker has nothing to be written.
    var isQuietToGateway: Bool { toGateway.isEmpty }

    /// Brings what the gateway wrote to the worker; answers what came there.
    @discardableResult
    func pumpToWorker() throws -> [Event] {
        let bytes = toWorker.bytes
        toWorker.removeAll()
        return try LinkPair.feed(bytes, &workerParser, &worker, &toGateway)
    }

    /// Brings what the worker wrote to the gateway; answers what came there.
    @discardableResult
    func pumpToGateway() throws -> [Event] {
        let bytes = toGateway.bytes
        toGateway.removeAll()
        return try LinkPair.feed(bytes, &gatewayParser, &gateway, &toWorker)
    }

    func open(_ invocation: Invocation) -> StreamID? {
        gateway.open(invocation, into: &toWorker)
    }

    func answer(_ stream: StreamID, _ reply: Reply) -> Bool {
        worker.answer(stream, reply, into: &toGateway)
    }

    func cancel(_ stream: StreamID) {
        gateway.cancel(stream, .clientGone, into: &toWorker)
    }

    private static func feed(
        _ bytes: [UInt8], _ parser: inout FrameParser, _ link: inout Link, _ out: inout FrameBuffer
    ) throws -> [Event] {
        var events: [Event] = []
        try bytes.withUnsafeBytes { bytes in
            try parser.feed(bytes) { header, payload in
                let verdict = try link.receive(header, payload, into: &out)
                events.append(
                    Event(
                        type: header.type, stream: header.stream, count: payload.count, isEnd: header.isEnd,
                        verdict: verdict))
            }
        }
        return events
    }
}

extension Invocation {
    static func sample(body count: Int = 0) -> Invocation {
        var invocation = FrameSample.bare
        invocation.body = [UInt8](repeating: 7, count: count)
        return invocation
    }
}
