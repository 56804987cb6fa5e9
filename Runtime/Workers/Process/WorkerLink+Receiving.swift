import WireProtocol

// What a worker says.
extension WorkerLink {
    /// Acts on bytes as they came.
    func feed(_ bytes: UnsafeRawBufferPointer) throws {
        try parser.feed(bytes) { header, payload in
            if !isOver { try receive(header, payload) }
        }
    }

    /// Acts on one frame. Throws when the worker broke the protocol.
    func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws(FrameError) {
        if header.type == .sharedData, link.sharesMemory, let memory {
            let data = try SharedDataFrame(payload: payload).data(header, in: memory.incoming)
            return try receive(data.header, data.payload)
        }
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
            // Before version 1.2 a worker knows DATA alone.
            if hello.version.minor >= 2, let memory { link.share(memory.outgoing) }
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

    /// The worker's loop turns.
    private func ponged(_ frame: PongFrame) {
        handled = frame.handled
        let waiting = asked
        asked = []
        for done in waiting { done() }
        pool.pong(self)
    }

    private func log(_ frame: LogFrame, _ stream: StreamID) {
        let size = frame.metadata.reduce(frame.message.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        guard let dropped = limiter.admit(size, at: .now()) else { return }
        var frame = frame
        if dropped > 0 { frame.metadata.append(LogFrame.Field("dropped", String(dropped))) }
        let found = stream == .link ? nil : streams[link.index(of: stream)]
        let request = found.flatMap { $0.id == stream ? $0.pending?.invocation.requestID ?? $0.cancelled : nil }
        pool.host.output.log(frame, request: request, from: identity)
    }
}
