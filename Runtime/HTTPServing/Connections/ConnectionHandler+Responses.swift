import NIOCore
import WireProtocol

extension ConnectionHandler {
    /// Gives `body` the buffer of this wake-up's output.
    @inline(__always)
    func withOutput(_ body: (inout ByteBuffer) -> Void) {
        // Taken out while it changes, so that it is never shared and never copied.
        var bytes = out ?? loop.takeBuffer()
        out = nil
        body(&bytes)
        out = bytes
    }

    func respond(_ response: OutgoingResponse) {
        guard phase == .open, exchange?.reply == .awaited else { return }
        write(response)
        replied()
    }

    func begin(_ status: Status, _ headers: HeaderList, contentLength: Int?) {
        guard phase == .open, let exchange, exchange.reply == .awaited else { return }
        let framing = ResponseWriter.framing(status, length: contentLength, isVersion10: exchange.isVersion10)
        guard writeHead(status, headers, framing) else {
            replied()
            return
        }
        self.exchange?.began(framing, length: contentLength)
        if isInputClosed { deadlines.answering() }
        scheduleFlush()
        guard !exchange.isHead,
            headers.withFirst("content-type", { $0.starts(with: "text/event-stream" as StaticString) }) == true
        else { return }
        self.exchange?.isEventStream = true
        if isInputClosed { leaveSoon() }
    }

    /// Leaves the stream of events outside of the responder's call, for that tells the receiver.
    private func leaveSoon() {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute {
            let connection = bound.value
            guard let exchange = connection.exchange, exchange.isEventStream, exchange.reply != .done else { return }
            connection.leave()
        }
    }

    func write(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { write($0) } }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard phase == .open, let exchange, case .streaming(let framing, _) = exchange.reply else {
            return true
        }
        let allowed = self.exchange?.mayWrite(bytes.count) ?? 0
        if allowed > 0 {
            withOutput { out in
                if framing == .chunked {
                    ResponseWriter.writeChunk(bytes, into: &out)
                } else {
                    out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[..<allowed]))
                }
            }
        }
        if (out?.readableBytes ?? 0) >= limits.batch { flush() } else { scheduleFlush() }
        return isWritable
    }

    func finish() {
        guard phase == .open, let exchange, case .streaming(let framing, let left) = exchange.reply else {
            return
        }
        if framing == .chunked, !exchange.isHead { withOutput { ResponseWriter.writeLastChunk(into: &$0) } }
        guard (left ?? 0) == 0 else {
            abort()
            return
        }
        replied()
    }

    func abort() {
        guard phase == .open, let exchange, exchange.reply != .done else { return }
        breakOff(lingering: exchange.wantsBody || pending != nil || isParsing)
    }

    func whenWritable(_ callback: @escaping @Sendable () -> Void) {
        guard phase == .open, let context else { return }
        if isWritable {
            context.eventLoop.execute(callback)
        } else {
            whenWritableAgain = callback
        }
    }

    /// The response is whole: lets go of the responder, and goes on to the next request.
    private func replied() {
        exchange?.replied()
        responder.connection = nil
        whenWritableAgain = nil
        guard !isParsing else { return }
        settle()
        guard phase == .open else { return }
        if isReading { parsePending() } else { resume() }
    }

    /// Writes a whole response to the request in hand, or to bytes that were none.
    func write(_ response: OutgoingResponse) {
        let isHead = exchange?.isHead ?? parser.isHead
        let framing: ResponseWriter.Framing =
            response.status.forbidsBody ? .none : .length(response.body.count)
        guard writeHead(response.status, response.headers, framing) else { return }
        guard !isHead, framing != .none else { return }
        if response.body.count >= limits.longBody {
            flush(followedBy: response.body)
        } else {
            withOutput { $0.writeBytes(response.body) }
        }
    }

    /// Writes a head; false when it had a fault and 502 went out in its place.
    private func writeHead(_ status: Status, _ headers: HeaderList, _ framing: ResponseWriter.Framing) -> Bool {
        let option =
            exchange?.connectionOption(isDraining: loop.isDraining || endsHere, framing: framing) ?? .close
        var fault: ResponseFault?
        withOutput { out in
            fault = ResponseWriter.writeHead(
                status, headers, framing: framing, connection: option, date: loop.date.line, into: &out)
            if fault != nil {
                _ = ResponseWriter.writeHead(
                    Status(502), HeaderList(), framing: .length(0), connection: option, date: loop.date.line,
                    into: &out)
            }
        }
        if let fault { loop.observer?.responseRefused(fault) }
        return fault == nil
    }

    /// Whether no other request can come: the client has closed its side, and nothing of it is kept.
    private var endsHere: Bool { isInputClosed && pending == nil && !isParsing }

    /// Flushes at the end of the loop's present work, so that the parts of one answer share a write.
    private func scheduleFlush() {
        guard !isReading, !isFlushScheduled, let context else { return }
        isFlushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute {
            bound.value.isFlushScheduled = false
            if bound.value.phase == .open { bound.value.flush() }
        }
    }
}
