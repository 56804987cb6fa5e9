import WireProtocol

// Bodies that come in parts: a streamed request's on its way to the worker, and a reply's on its way to the sink.
extension WorkerLink {
    // MARK: The request's body

    /// The request in this place has a body that comes from its sink.
    func beginUpload(_ place: Int) {
        guard let flow = flow(place) else { return }
        uploads.append(flow)
        flow.ask()
    }

    /// A part of a request's body.
    func pass(_ bytes: UnsafeRawBufferPointer, isEnd: Bool, _ flow: InvocationStream) {
        guard !isOver, link.isActive(flow.id), !flow.isSent else { return }
        flow.count(sent: bytes.count, isEnd: isEnd)
        // Another worker could not get the body whole any more.
        let place = link.index(of: flow.id)
        unwritten.removeAll { $0.place == place }
        link.sendNow(bytes, on: flow.id, end: isEnd, into: &out)
        touch()
    }

    /// Asks for more of those bodies of which enough was written.
    func askForBodies() {
        uploads.removeAll { $0.isSent || !link.isActive($0.id) }
        // A sink may have more in hand at once, and end its stream or the link by it.
        for flow in uploads where !isOver { flow.ask(unsent: link.pendingBytes(on: flow.id)) }
    }

    // MARK: The reply's body

    /// A reply whose body follows. A page is gathered, since the gateway puts its envelope around the whole, and so is
    /// what the handler had whole, up to 1 MiB, for the gateway's tags, cache and compression; the rest is passed on.
    func begin(_ head: Reply, length: Int?, isStreamed: Bool, _ place: Int) throws(FrameError) {
        guard let flow = flow(place) else { return }
        link.expect(length, on: flow.id)
        if case .response = head.kind, isStreamed || (length ?? .max) > WorkerLink.gatheredLimit {
            guard let stamp = pool.began(flow.key, self) else { return }
            flow.begin(head, length: length, stamp)
        } else {
            if let length, length > WorkerLink.replyLimit { throw .bodyLength(flow.id) }
            let body = IncomingBody(stream: flow.id, announced: length, limit: WorkerLink.replyLimit)
            flow.gathered = InvocationStream.GatheredReply(reply: head, body: body)
        }
    }

    /// A part of a reply's body.
    func take(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, _ place: Int
    ) throws(FrameError) {
        guard let flow = streams[place]?.flow else { throw .unexpected(.data) }
        if flow.gathered != nil {
            return try gather(header, payload, flow)
        }
        link.stored(payload.count, into: &out)
        try flow.pass(payload, isEnd: header.isEnd)
        if header.isEnd {
            _ = takeStream(place)
            pool.streamed(flow, self)
        } else if !flow.hasBegun {
            // Nobody takes it; the worker will hear of that.
            release(payload.count, flow)
        }
    }

    /// A part of a reply's body that is gathered.
    private func gather(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, _ flow: InvocationStream
    ) throws(FrameError) {
        let isWhole = try flow.gathered?.body.append(payload, isEnd: header.isEnd) ?? false
        link.consumed(header.length, of: header.stream, into: &out)
        guard isWhole, let body = flow.gathered?.body.take(), var reply = flow.gathered?.reply else { return }
        flow.gathered = nil
        _ = takeStream(link.index(of: header.stream))
        reply.body = body
        pool.answered(flow.key, self, reply, at: now)
    }

    /// So much of a reply's body was passed on.
    func release(_ count: Int, _ flow: InvocationStream) {
        guard !isOver else { return }
        link.release(count, of: flow.id, into: &out)
        if !out.isEmpty { touch() }
    }

    private func flow(_ place: Int) -> InvocationStream? {
        guard let open = streams[place] else { return nil }
        if let flow = open.flow { return flow }
        guard let pending = open.pending else { return nil }
        let flow = InvocationStream(self, open.id, open.key, pending)
        streams[place]?.flow = flow
        return flow
    }
}
