// Bodies that are passed on part by part, at the pace of whoever takes them.
extension Link {
    /// The receiver of DATA knows how many bytes of it come on a stream: no more room is granted than those need.
    public mutating func expect(_ length: Int?, on stream: StreamID) {
        guard let length, isOpen(stream) else { return }
        slots[index(of: stream)].expected = length
    }

    /// The receiver of DATA has stored so many bytes, to pass them on later: grants room on the link, so that a stream
    /// that is slowly read holds up no other. `release` follows once they are passed on.
    public mutating func stored(_ count: Int, into out: inout FrameBuffer) {
        creditLink(count, into: &out)
    }

    /// The bytes that were `stored` are passed on: grants room on their stream, as soon as half a window is owed.
    public mutating func release(_ count: Int, of stream: StreamID, into out: inout FrameBuffer) {
        guard isOpen(stream) else { return }
        let index = index(of: stream)
        guard !slots[index].remoteEnded else { return }
        let window = slots[index].receiveWindow
        let owed = slots[index].owed + min(max(count, 0), settings.streamWindow - window - slots[index].owed)
        slots[index].owed = owed
        guard owed >= settings.streamWindow / 2, slots[index].expected > window else { return }
        slots[index].owed = 0
        slots[index].receiveWindow = window + owed
        WindowFrame(increment: UInt32(owed)).encode(stream: stream, into: &out)
    }

    /// As `send`, but what the windows allow is encoded at once, without a copy in between; the rest is queued. Nothing
    /// is sent at once while other streams have something queued, so that they have their turn first.
    public mutating func sendNow(
        _ bytes: UnsafeRawBufferPointer, on stream: StreamID, end: Bool, into out: inout FrameBuffer
    ) {
        guard isActive(stream) else { return }
        let index = index(of: stream)
        guard !slots[index].endsAfterPending else { return }
        var offset = 0
        if sending.isEmpty {
            while offset < bytes.count || end {
                let waiting = bytes.count - offset
                let size = room(index, waiting)
                guard size > 0 || waiting == 0 else { break }
                let isLast = end && size == waiting
                put(UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + size)]), isLast, stream, into: &out)
                slots[index].sendWindow -= size
                linkSendWindow -= size
                offset += size
                guard isLast else { continue }
                slots[index].endsAfterPending = true
                if role == .worker { free(index) }
                return
            }
        }
        guard offset < bytes.count || end else { return }
        appendPending(index) { $0.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[offset...])) }
        slots[index].endsAfterPending = end
        guard !slots[index].isQueued else { return }
        enqueue(index)
    }

    /// Adds to what waits on a stream; what is sent of it is let go once it is the greater part, so that a stream that
    /// never runs dry holds no more than what waits.
    mutating func appendPending(_ index: Int, _ body: (inout [UInt8]) -> Void) {
        let sent = slots[index].pendingOffset
        if sent > 0, sent * 2 >= slots[index].pending.count {
            slots[index].pending.removeFirst(sent)
            slots[index].pendingOffset = 0
        }
        body(&slots[index].pending)
    }
}
