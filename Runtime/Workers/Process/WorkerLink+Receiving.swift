import WireProtocol

// What a worker says.
extension WorkerLink {
    /// From so many bytes on a body's rest is read by itself.
    private static let worthPlacing = 2048
    /// How many bytes are read past NIO in one wake-up at most, about what the socket holds.
    private static let most = 256 * 1024

    /// Acts on bytes as they came.
    func feed(_ bytes: UnsafeRawBufferPointer) throws {
        try parser.feed(bytes) { header, payload in
            if !isOver { try receive(header, payload) }
        }
    }

    /// Reads on while a body is on its way and there is more of it.
    func readOn() throws {
        var left = Self.most
        while left > 0, !isOver, let data = parser.openData {
            let count = try readOnce(data)
            guard count > 0 else { return }
            left -= count
        }
    }

    /// Reads once and acts on it: how many bytes came, 0 if there are no more for now.
    private func readOnce(_ data: FrameHeader) throws -> Int {
        guard data.length >= Self.worthPlacing, let flow = gathering(data.stream) else {
            let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
            let count = socket.read(into: port.scratch, then: none)
            try feed(UnsafeRawBufferPointer(rebasing: port.scratch[..<count]))
            return count < port.scratch.count ? 0 : count
        }
        let behind = UnsafeMutableRawBufferPointer(rebasing: port.scratch[..<4096])
        let count = try flow.gathered?.body.withRoom(data.length) { socket.read(into: $0, then: behind) } ?? 0
        let placed = min(count, data.length)
        guard let part = parser.passed(placed) else { return 0 }
        if try link.receive(part, UnsafeRawBufferPointer(start: nil, count: 0), into: &out) == .deliver {
            try came(part, flow)
        }
        guard count > placed else { return 0 }
        try feed(UnsafeRawBufferPointer(rebasing: behind[..<(count - placed)]))
        return count < placed + behind.count ? 0 : count
    }

    /// Acts on one frame. Throws when the worker broke the protocol.
    func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws(FrameError) {
        let place = link.index(of: header.stream)
        switch try link.receive(header, payload, into: &out) {
        case .ignore: return
        case .ended:
            if let stream = takeStream(place) { pool.failed(stream.key, self, APIError(.functionTimeout), at: now) }
        case .deliver: try act(on: header, payload, place)
        }
    }

    private func act(
        on header: FrameHeader, _ payload: UnsafeRawBufferPointer, _ place: Int
    ) throws(FrameError) {
        switch header.type {
        case .response: try respond(header, payload, place)
        case .data: try take(header, payload, place)
        case .reset:
            let error = try ResetFrame(payload: payload).error
            if let stream = takeStream(place) { pool.failed(stream.key, self, error, at: now) }
        case .pong: ponged(try PongFrame(payload: payload))
        case .log: log(try LogFrame(payload: payload), header.stream)
        case .hello:
            let hello = try HelloFrame(payload: payload)
            guard hello.version.isCompatible(with: .current) else { throw .invalidField("version") }
        case .ready:
            _ = try ReadyFrame(payload: payload)
            becomeReady()
        case .startFailed:
            let message = try StartFailedFrame(payload: payload).message
            pool.startFailed(self, .refused, "its start failed: \(message)", hasProcess: true)
        case .goodbye: leave()
        case .leaseRequest: requestLease(try LeaseRequestFrame(payload: payload))
        case .leaseReturn: returnLeases(try LeaseReturnFrame(payload: payload))
        default: break
        }
    }

    private func respond(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, _ place: Int
    ) throws(FrameError) {
        let frame = try ResponseFrame(payload: payload, isEnd: header.isEnd)
        let (placement, isStreamed) = (frame.body, frame.isStreamed)
        switch placement {
        case .whole:
            guard let stream = takeStream(place) else { return }
            pool.answered(stream.key, self, frame.takeReply(), at: now)
        case .follows(let length):
            try begin(frame.takeReply(), length: length, isStreamed: isStreamed, place)
        }
    }

    /// The stream in this place, which has ended.
    func takeStream(_ place: Int) -> OpenStream? {
        var stream: OpenStream?
        swap(&stream, &streams[place])
        return stream
    }

    private func log(_ frame: LogFrame, _ stream: StreamID) {
        let size = frame.metadata.reduce(frame.message.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        guard let dropped = limiter.admit(size, at: .now()) else { return }
        var frame = frame
        if dropped > 0 { frame.metadata.append(LogFrame.Field("dropped", String(dropped))) }
        let found = stream == .link ? nil : streams[link.index(of: stream)]
        let request = found.flatMap { $0.id == stream ? $0.pending.invocation.requestID : nil }
        pool.host.output.log(frame, request: request, from: identity)
    }
}
