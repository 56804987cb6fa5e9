// What either end sends. Heads go into the buffer at once, so they come before any DATA of the same wake-up, but for the
// head of a reply whose body is long and all there: it goes with the body's first DATA. DATA waits for `writeData`.
extension Link {
    /// Gateway: opens a stream for an invocation and encodes it; a body over 16 KiB follows by `writeData`, one that is
    /// streamed (`placement`) by `send`.
    ///
    /// Nil, and nothing is added, when as many streams as agreed are open, when the worker is ending, or when the
    /// head is longer than 256 KiB. May be called before READY: the worker keeps the request until then.
    public mutating func open(_ invocation: borrowing Invocation, into out: inout FrameBuffer) -> StreamID? {
        if case .follows(let length) = invocation.placement {
            return openStreaming(invocation, length: length, into: &out)
        }
        guard let stream = nextStream() else { return nil }
        guard RequestFrame.encode(invocation, stream: stream, into: &out) else { return nil }
        take(stream)
        if invocation.body.count > FrameLimits.inline { send(invocation.body, on: stream, end: true) }
        return stream
    }

    /// Gateway: opens a stream whose body comes by `send`; `length` nil is not known. `head.body` is not sent.
    public mutating func openStreaming(
        _ head: borrowing Invocation, length: Int?, into out: inout FrameBuffer
    ) -> StreamID? {
        guard let stream = nextStream() else { return nil }
        guard RequestFrame.encode(head, streaming: .follows(length: length), stream: stream, into: &out)
        else {
            return nil
        }
        take(stream)
        return stream
    }

    /// Gateway: tells the worker that nobody waits; what it still sends on the stream is dropped, until its last frame
    /// comes as `Verdict.ended`. Does nothing for a stream that has ended or was cancelled before.
    public mutating func cancel(
        _ stream: StreamID, _ reason: CancelFrame.Reason, into out: inout FrameBuffer
    ) {
        guard role == .gateway, isActive(stream) else { return }
        let index = index(of: stream)
        slots[index].cancelled = true
        if slots[index].isQueued { unqueue(index) }
        CancelFrame(reason: reason).encode(stream: stream, into: &out)
    }

    /// Worker: encodes the reply to a stream; with a body over 16 KiB all of it comes by `writeData`, the head too, for
    /// what reads it cannot do with it before the body is there.
    ///
    /// A cancelled stream gets RESET in its place. A stream that has ended already is left alone, and the answer is
    /// true. False, and nothing is added, when the head is longer than 256 KiB: answer something shorter.
    public mutating func answer(
        _ stream: StreamID, _ reply: borrowing Reply, into out: inout FrameBuffer
    ) -> Bool {
        guard role == .worker, isOpen(stream) else { return true }
        let index = index(of: stream)
        guard !slots[index].hasHead else { return true }
        if slots[index].cancelled {
            endWithReset(index, Link.cancelled, into: &out)
            return true
        }
        let mark = out.mark
        guard ResponseFrame.encode(reply, stream: stream, into: &out) else { return false }
        if reply.body.count > FrameLimits.inline {
            slots[index].hasHead = true
            slots[index].head = out.takeBack(to: mark)
            send(reply.body, on: stream, end: true)
        } else {
            free(index)
        }
        return true
    }

    /// Worker: encodes the head of a reply whose body comes by `send`; `length` nil is not known. False as `answer`.
    public mutating func beginAnswer(
        _ stream: StreamID, _ head: borrowing Reply, length: Int?, into out: inout FrameBuffer
    ) -> Bool {
        guard role == .worker, isOpen(stream) else { return true }
        let index = index(of: stream)
        guard !slots[index].hasHead else { return true }
        if slots[index].cancelled {
            endWithReset(index, Link.cancelled, into: &out)
            return true
        }
        let body = BodyPlacement.follows(length: length)
        guard ResponseFrame.encode(head, streaming: body, stream: stream, into: &out) else { return false }
        slots[index].hasHead = true
        return true
    }

    /// Worker: ends a stream without a reply, or in the middle of one.
    public mutating func reset(_ stream: StreamID, _ error: APIError, into out: inout FrameBuffer) {
        guard role == .worker, isOpen(stream) else { return }
        endWithReset(index(of: stream), error, into: &out)
    }

    /// Queues bytes of the body on a stream, and with `end` its end. Dropped when the stream has ended or was cancelled.
    public mutating func send(_ bytes: [UInt8], on stream: StreamID, end: Bool) {
        guard isActive(stream) else { return }
        let index = index(of: stream)
        guard !slots[index].endsAfterPending else { return }
        if slots[index].pending.isEmpty {
            slots[index].pending = bytes
        } else {
            appendPending(index) { $0.append(contentsOf: bytes) }
        }
        slots[index].endsAfterPending = end
        guard !slots[index].isQueued, end || !bytes.isEmpty else { return }
        enqueue(index)
    }

    /// How many bytes queued by `send` still wait: to hold back a producer.
    public func pendingBytes(on stream: StreamID) -> Int {
        guard isOpen(stream) else { return 0 }
        let index = index(of: stream)
        return slots[index].pending.count - slots[index].pendingOffset
    }

    /// Encodes DATA as the windows allow, a frame of 64 KiB at most of each stream in turn, until `out` holds
    /// `limit` bytes, 384 KiB unless told otherwise: about what a socket takes at once, where no memory is shared. Call it
    /// at the end of a wake-up, after the heads, and again when the socket takes more.
    public mutating func writeData(into out: inout FrameBuffer, limit: Int = 384 * 1024) {
        var blocked = 0
        while !sending.isEmpty, blocked < sending.count, out.count < limit {
            if turn >= sending.count { turn = 0 }
            let index = Int(sending[turn])
            let waiting = slots[index].pending.count - slots[index].pendingOffset
            let size = room(index, waiting)
            guard size > 0 || waiting == 0 else {
                blocked += 1
                endTurn()
                continue
            }
            blocked = 0
            writeFrame(index, size, into: &out)
            turnSent += size
            if size < waiting {
                if turnSent >= FrameLimits.data { endTurn() }
            } else if slots[index].endsAfterPending, role == .worker {
                free(index)
            } else {
                unqueue(index)
            }
        }
    }

    private mutating func endTurn() {
        turn += 1
        turnSent = 0
    }

    /// The receiver of DATA is done with so many bytes of it, of a stream that may have ended: grants room again, as
    /// soon as half a window of the stream is owed, an eighth of the link's. Call it for each DATA frame delivered, once
    /// its bytes are used or stored.
    public mutating func consumed(_ count: Int, of stream: StreamID, into out: inout FrameBuffer) {
        creditLink(count, into: &out)
        release(count, of: stream, into: &out)
    }

    mutating func creditLink(_ count: Int, into out: inout FrameBuffer) {
        linkOwed += min(max(count, 0), settings.linkWindow - linkReceiveWindow - linkOwed)
        guard linkOwed >= settings.linkWindow / 8 else { return }
        linkReceiveWindow += linkOwed
        WindowFrame(increment: UInt32(linkOwed)).encode(stream: .link, into: &out)
        linkOwed = 0
    }

    mutating func endWithReset(_ index: Int, _ error: APIError, into out: inout FrameBuffer) {
        let stream = StreamID(slots[index].id)
        if !ResetFrame(error: error).encode(stream: stream, into: &out) {
            ResetFrame(error: APIError(.internalError, cause: "the error itself was too long to be sent"))
                .encode(stream: stream, into: &out)
        }
        free(index)
    }

    static let cancelled = APIError(.functionTimeout, "The request was cancelled")

    private func nextStream() -> StreamID? {
        guard role == .gateway, !isClosing, openStreams < settings.concurrency else { return nil }
        var id = last.rawValue &+ 1
        // At most half of the places are taken.
        while id == 0 || slots[Int(id & mask)].id != 0 { id &+= 1 }
        return StreamID(id)
    }

    mutating func writeFrame(_ index: Int, _ size: Int, into out: inout FrameBuffer) {
        if !slots[index].head.isEmpty {
            out.append(slots[index].head)
            slots[index].head = []
        }
        let offset = slots[index].pendingOffset
        let isLast = offset + size == slots[index].pending.count && slots[index].endsAfterPending
        let stream = StreamID(slots[index].id)
        slots[index].pending.withUnsafeBytes { bytes in
            put(UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + size)]), isLast, stream, into: &out)
        }
        slots[index].pendingOffset += size
        slots[index].sendWindow -= size
        linkSendWindow -= size
    }

    /// How many of the bytes that wait on a stream may be sent as one frame.
    func room(_ index: Int, _ waiting: Int) -> Int {
        let size = min(waiting, FrameLimits.data, slots[index].sendWindow, linkSendWindow)
        guard let ring else { return size }
        return ring.room(for: size)
    }

    /// Puts bytes, as many as `room` says at most, into the shared memory, and where they are into `out`; all into `out`
    /// where nothing is shared.
    mutating func put(
        _ bytes: UnsafeRawBufferPointer, _ isEnd: Bool, _ stream: StreamID, into out: inout FrameBuffer
    ) {
        guard bytes.count > 0, let offset = ring?.add(bytes) else {
            return out.appendData(bytes, isEnd: isEnd, stream: stream)
        }
        SharedDataFrame(offset: UInt32(offset), count: UInt32(bytes.count)).encode(
            stream: stream, isEnd: isEnd, into: &out)
    }
}
