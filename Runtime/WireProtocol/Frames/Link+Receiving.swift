// What either end receives: every rule about who may send what, and when.
extension Link {
    /// Checks a frame against the state of its stream and says what is to be done with it.
    ///
    /// Of DATA only the header is looked at. WINDOW frames are dealt with here; grants and resets that become due go into
    /// `out`. Throws when the peer broke the protocol: the link is dead then.
    public mutating func receive(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, into out: inout FrameBuffer
    ) throws(FrameError) -> Verdict {
        switch header.type {
        case .request, .response, .data, .sharedData, .cancel, .reset:
            guard header.stream != .link else { throw .wrongStream(header.type) }
        case .window, .log: break
        default: guard header.stream == .link else { throw .wrongStream(header.type) }
        }
        switch header.type {
        case .request, .response, .data, .sharedData: break
        default: guard !header.isEnd else { throw .reservedBits }
        }
        return switch role {
        case .gateway: try receiveAtGateway(header, payload, into: &out)
        case .worker: try receiveAtWorker(header, payload, into: &out)
        }
    }

    private mutating func receiveAtGateway(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, into out: inout FrameBuffer
    ) throws(FrameError) -> Verdict {
        guard isGreeted || header.type == .hello, !isClosing else { throw .unexpected(header.type) }
        let stream = header.stream
        switch header.type {
        case .response:
            guard isReady else { throw .unexpected(.response) }
            let index = try opened(stream)
            guard !slots[index].hasHead else { throw .streamClosed(stream) }
            slots[index].hasHead = true
            return end(index, if: header.isEnd)
        case .data:
            let index = try opened(stream)
            guard slots[index].hasHead else { throw .unexpected(.data) }
            try takeData(header, index)
            if slots[index].cancelled { creditLink(header.length, into: &out) }
            return end(index, if: header.isEnd)
        case .reset:
            return end(try opened(stream), if: true)
        case .window:
            return try receiveWindow(stream, payload)
        case .log:
            guard !stream.follows(last) else { throw .unknownStream(stream) }
            return .deliver
        case .pong, .leaseRequest, .leaseReturn:
            return .deliver
        case .hello:
            guard !isGreeted else { throw .unexpected(.hello) }
            isGreeted = true
            return .deliver
        case .ready:
            guard !isReady else { throw .unexpected(.ready) }
            isReady = true
            return .deliver
        case .startFailed:
            guard !isReady else { throw .unexpected(.startFailed) }
            isClosing = true
            return .deliver
        case .goodbye:
            isClosing = true
            return .deliver
        default:
            throw .unexpected(header.type)
        }
    }

    private mutating func receiveAtWorker(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, into out: inout FrameBuffer
    ) throws(FrameError) -> Verdict {
        guard isGreeted || header.type == .setup else { throw .unexpected(header.type) }
        let stream = header.stream
        switch header.type {
        case .request:
            guard !isClosing else { throw .unexpected(.request) }
            guard stream.follows(last) else { throw .streamClosed(stream) }
            let index = index(of: stream)
            guard openStreams < settings.concurrency, slots[index].id == 0 else { throw .tooManyStreams }
            take(stream)
            slots[index].remoteEnded = header.isEnd
            return .deliver
        case .data:
            guard !stream.follows(last) else { throw .unknownStream(stream) }
            guard isOpen(stream) else {
                // Answered before the request's body was all here: the rest is read and forgotten.
                try takeLinkWindow(header.length)
                creditLink(header.length, into: &out)
                return .ignore
            }
            let index = index(of: stream)
            guard !slots[index].remoteEnded else { throw .streamClosed(stream) }
            try takeData(header, index)
            slots[index].remoteEnded = header.isEnd
            return .deliver
        case .cancel:
            guard !stream.follows(last) else { throw .unknownStream(stream) }
            guard isActive(stream) else { return .ignore }
            let index = index(of: stream)
            slots[index].cancelled = true
            slots[index].remoteEnded = true
            if slots[index].isQueued, !slots[index].endsAfterPending { unqueue(index) }
            // A reply whose body is still being made is ended by whoever makes it.
            if slots[index].endsAfterPending { endWithReset(index, Link.cancelled, into: &out) }
            return .deliver
        case .window:
            return try receiveWindow(stream, payload)
        case .setup:
            guard !isGreeted else { throw .unexpected(.setup) }
            isGreeted = true
            return .deliver
        case .drain:
            isClosing = true
            return .deliver
        case .ping, .leaseGrant, .leaseRecall:
            return .deliver
        default:
            throw .unexpected(header.type)
        }
    }

    /// The place of a stream that must be open, seen from the gateway.
    private func opened(_ stream: StreamID) throws(FrameError) -> Int {
        guard isOpen(stream) else {
            throw stream.follows(last) ? .unknownStream(stream) : .streamClosed(stream)
        }
        return index(of: stream)
    }

    /// The gateway's verdict on a frame of an open stream, which ends with it if `isEnd`.
    private mutating func end(_ index: Int, if isEnd: Bool) -> Verdict {
        let wasCancelled = slots[index].cancelled
        if isEnd { free(index) }
        guard wasCancelled else { return .deliver }
        return isEnd ? .ended : .ignore
    }

    private mutating func takeLinkWindow(_ count: Int) throws(FrameError) {
        guard count <= linkReceiveWindow else { throw .windowExceeded(.link) }
        linkReceiveWindow -= count
    }

    private mutating func takeData(_ header: FrameHeader, _ index: Int) throws(FrameError) {
        let count = header.length
        guard count > 0 || header.isEnd else { throw .invalidField("data") }
        guard count <= slots[index].receiveWindow else { throw .windowExceeded(header.stream) }
        try takeLinkWindow(count)
        slots[index].receiveWindow -= count
        slots[index].expected -= count
    }

    private mutating func receiveWindow(
        _ stream: StreamID, _ payload: UnsafeRawBufferPointer
    ) throws(FrameError) -> Verdict {
        let increment = Int(try WindowFrame(payload: payload).increment)
        if stream == .link {
            guard increment <= settings.linkWindow - linkSendWindow else { throw .windowOverflow(.link) }
            linkSendWindow += increment
            ring?.giveBack(increment)
            return .ignore
        }
        guard !stream.follows(last) else { throw .unknownStream(stream) }
        guard isOpen(stream) else { return .ignore }
        let index = index(of: stream)
        guard increment <= settings.streamWindow - slots[index].sendWindow else {
            throw .windowOverflow(stream)
        }
        slots[index].sendWindow += increment
        return .ignore
    }
}
