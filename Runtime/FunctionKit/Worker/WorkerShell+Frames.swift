import Glibc
import WorkerLoop

extension WorkerShell {
    /// Acts on one frame.
    func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
        if header.type == .sharedData, let bodies {
            let data = try bodies.data(header, payload)
            return try receive(data.header, data.payload)
        }
        guard try link.receive(header, payload, into: &out) == .deliver else { return }
        switch header.type {
        case .request:
            let request = try RequestFrame(payload: payload, isEnd: header.isEnd)
            if phase == .stopping || isLeaving {
                refuse(header.stream)
                return
            }
            let placement = request.body
            if case .follows(let length) = placement { link.expect(length, on: header.stream) }
            switch placement {
            case .whole: take(request.takeInvocation(), header.stream)
            case .follows(let length) where request.invocation.placement == .whole:
                gather(request.takeInvocation(), header.stream, length)
            case .follows(let length): takeStreamed(request.takeInvocation(), header.stream, length)
            }
        case .data: if try !passOn(payload, header) { try append(payload, header) }
        case .cancel: cancel(header.stream, try CancelFrame(payload: payload).reason)
        case .ping:
            let token = try PingFrame(payload: payload).token
            PongFrame(token: token, handled: handled, inFlight: UInt32(clamping: running)).encode(into: &out)
        case .setup: start(try SetupFrame(payload: payload))
        case .drain: stopSoon()
        case .leaseGrant: leases?.receive(try LeaseGrantFrame(payload: payload))
        case .leaseRecall: leases?.receive(try LeaseRecallFrame(payload: payload))
        default: break
        }
    }

    /// Whether the last frame is written: nothing may follow it.
    var isLeaving: Bool { if case .leaving = phase { true } else { false } }

    // MARK: Bodies that come in parts

    private func gather(_ invocation: consuming Invocation, _ stream: StreamID, _ length: Int?) {
        var entry = Entry(stream: stream)
        // The gateway has checked the length against the route's limit.
        entry.gathering = GatheringRequest(
            invocation, IncomingBody(stream: stream, announced: length, limit: .max))
        entries[link.index(of: stream)] = entry
    }

    /// The request whose body comes on this stream and is gathered; nil where none is.
    private func gathering(_ stream: StreamID) -> GatheringRequest? {
        guard link.isActive(stream), let entry = entries[link.index(of: stream)], entry.stream == stream else {
            return nil
        }
        return entry.gathering
    }

    private func append(_ payload: UnsafeRawBufferPointer, _ header: FrameHeader) throws {
        guard let gathering = gathering(header.stream) else {
            link.consumed(header.length, of: header.stream, into: &out)
            return
        }
        let isWhole = try gathering.body.append(payload, isEnd: header.isEnd)
        link.consumed(header.length, of: header.stream, into: &out)
        guard isWhole else { return }
        entries[link.index(of: header.stream)] = nil
        gathering.invocation.body = gathering.body.take()
        take(gathering.invocation, header.stream)
    }

    private func cancel(_ stream: StreamID, _ reason: CancelFrame.Reason) {
        let index = link.index(of: stream)
        guard entries[index] != nil, entries[index]?.stream == stream else { return }
        if let task = entries[index]?.task {
            entries[index]?.cancelled = reason
            task.cancel()
            return
        }
        // Not begun: there is no handler that could answer.
        if entries[index]?.isRefused == true { refused -= 1 }
        entries[index] = nil
        link.reset(stream, APIError(.functionTimeout, "The request was cancelled"), into: &out)
    }

    // MARK: The start

    private func start(_ setup: SetupFrame) {
        self.setup = setup
        link.configure(setup.link)
        entries = Array(repeating: nil, count: link.capacity)
        guard ProtocolVersion.current.isCompatible(with: setup.version) else {
            let version = "\(setup.version.major).\(setup.version.minor)"
            fail(
                "the gateway speaks version \(version) of the wire protocol, this function \(WorkerIdentity.version)"
            )
            return
        }
        guard shareMemory(setup.sharedMemory) else {
            return fail("the memory that the gateway shares could not be mapped")
        }
        phase = .starting
        leases = setup.leases.map { WorkerLeases($0, on: loop) }
        let startup = Startup(
            environment: environment, function: setup.function, revision: setup.revision, page: setup.page,
            loop: loop,
            logger: FunctionLogger(output: log, stream: .link), connectionLeases: leases)
        let began = loop.now()
        Task { [self] in
            do {
                let function = try await Handler(startup)
                started(function, began.duration(to: loop.now()))
            } catch {
                fail("\(error)")
            }
        }
    }

    /// Maps what the gateway has handed over, and closes the descriptor. False when memory is missing that it speaks of.
    private func shareMemory(_ size: Int) -> Bool {
        defer {
            if let handedOver { Glibc.close(handedOver) }
            handedOver = nil
        }
        guard size > 0 else { return true }
        guard let handedOver, let bodies = SharedBodies(handedOver, size: size) else { return false }
        self.bodies = bodies
        link.share(bodies.outgoing)
        return true
    }

    private func started(_ function: Handler, _ took: Duration) {
        self.function = function
        let (seconds, attoseconds) = took.components
        let microseconds = UInt64(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
        ReadyFrame(startMicroseconds: microseconds).encode(into: &out)
        if phase == .starting { phase = .serving }
        let streams = waiting
        waiting = []
        for stream in streams {
            guard let entry = entries[link.index(of: stream)], entry.stream == stream, let state = entry.state
            else {
                continue
            }
            run(state, function)
        }
    }

    private func fail(_ message: String) {
        if !StartFailedFrame(message: message).encode(into: &out) {
            StartFailedFrame(message: String(message.unicodeScalars.prefix(1_000))).encode(into: &out)
        }
        phase = .leaving(1)
    }

    // MARK: The end

    /// DRAIN or SIGTERM: finishes what is in flight, then ends.
    func stopSoon() {
        switch phase {
        case .greeting:
            out.appendFrame(.goodbye)
            phase = .leaving(0)
        case .starting, .serving: phase = .stopping
        case .stopping, .leaving: break
        }
    }

    private func refuse(_ stream: StreamID) {
        var entry = Entry(stream: stream)
        entry.isRefused = true
        entries[link.index(of: stream)] = entry
        refused += 1
    }

    /// Says GOODBYE when all that was begun is answered. What came later is left unanswered, and so is known not to have
    /// been begun.
    func leaveIfDone() {
        guard phase == .stopping, link.openStreams == refused else { return }
        out.appendFrame(.goodbye)
        phase = .leaving(0)
    }
}
