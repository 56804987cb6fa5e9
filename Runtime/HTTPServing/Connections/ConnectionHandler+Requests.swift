import NIOCore
import WireProtocol

extension ConnectionHandler {
    /// Whether the parser may go on: no request waits for its answer, and the client reads what it was sent.
    var mayParse: Bool {
        guard phase == .open, !isParsing else { return false }
        return canContinue
    }

    private var canContinue: Bool {
        if let exchange { return exchange.wantsBody }
        return isWritable
    }

    /// Parses what was kept, as far as it may be parsed.
    func parsePending() {
        guard mayParse, var bytes = pending else { return }
        pending = nil
        if !isReading { loop.readClock() }
        parse(&bytes)
        guard phase == .open, bytes.readableBytes > 0 else { return }
        // Moving the rest to the front only when it is the smaller part keeps the copying linear.
        if bytes.readerIndex > bytes.readableBytes { bytes.discardReadBytes() }
        pending = bytes
    }

    /// Goes on after a response that was not sent from within the parser: kept requests, reading, the write.
    func resume() {
        parsePending()
        guard phase == .open else { return }
        if isInputClosed, exchange == nil, canContinue {
            // Nothing that is kept is a whole request, and nothing more comes.
            closeAfterFlush(lingering: false)
            return
        }
        if endedEarly() { return }
        settleDown()
        if isReadPaused, exchange?.isPaused != true, (pending?.readableBytes ?? 0) <= limits.pipelined {
            isReadPaused = false
            context?.read()
        }
    }

    /// Parses as much as may be parsed; what is left in `bytes` is to be kept.
    func parse(_ bytes: inout ByteBuffer) {
        isParsing = true
        bytes.readWithUnsafeReadableBytes { bytes in
            var offset = 0
            while phase == .open, canContinue {
                switch parser.next(bytes, &offset) {
                case .needMore:
                    sendContinue()
                    return offset
                case .head(let head): open(head)
                case .body(let part): take(part)
                case .end: bodyEnded()
                case .failed(let failure): refuse(failure)
                }
                settle()
                if (out?.readableBytes ?? 0) >= limits.batch { flush() }
            }
            return offset
        }
        isParsing = false
    }

    private func open(_ head: consuming RequestHead) {
        loop.countRequest()
        exchange = Exchange(head, allowance: limits.bodyAllowance)
        if !isKnownUniquelyReferenced(&responder) { responder = ConnectionResponder() }
        responder.connection = self
        let contentLength = head.contentLength
        switch loop.handler.accept(incoming(head), responder) {
        case .answered: exchange?.discard()
        case .gather(let limit, let receiver):
            guard exchange?.reply != .done else {
                exchange?.discard()
                break
            }
            self.receiver = receiver
            if exchange?.gather(limit: limit) == .tooLarge {
                receiver.failed(.bodyTooLarge)
            } else if let length = contentLength, length > 0 {
                gathered.reserveCapacity(min(length, 64 * 1024))
            }
        case .stream(let limit, let receiver): stream(limit, receiver)
        }
        // Without a body the end is here already; the parser's `end` finds the exchange settled.
        if contentLength == 0 { parserReachedEnd() }
    }

    private func incoming(_ head: consuming RequestHead) -> IncomingRequest {
        IncomingRequest(
            method: head.method, path: head.path, query: head.query, headers: head.headers, peer: peer,
            loop: loop.index, arrived: loop.now, contentLength: head.contentLength)
    }

    /// Takes the `end` that follows a head without a body, so that the request is not left open meanwhile.
    private func parserReachedEnd() {
        var none = 0
        if case .end = parser.next(UnsafeRawBufferPointer(start: nil, count: 0), &none) { bodyEnded() }
    }

    private func take(_ part: UnsafeRawBufferPointer) {
        deadlines.bodyCame(part.count)
        switch exchange?.received(part.count) {
        case .keep: gathered.append(contentsOf: part)
        case .pass: pass(part)
        case .tooLarge:
            gathered = []
            receiver?.failed(.bodyTooLarge)
        case .skip, .overrun, nil: ()
        }
    }

    private func bodyEnded() {
        let isWanted = exchange?.isGathering ?? false
        let isStreamed = exchange?.isStreaming ?? false
        exchange?.bodyEnded()
        guard isWanted else { return }
        if isStreamed {
            receiver?.bodyEnded()
            return
        }
        let body = gathered
        gathered = []
        receiver?.gathered(body)
    }

    /// The bytes are no request, or no body of one.
    private func refuse(_ failure: ParseFailure) {
        guard exchange != nil else {
            answer(failure)
            return
        }
        breakOffBody(failure)
    }

    /// Answers bytes that never became a request, and closes.
    func answer(_ failure: ParseFailure) {
        write(loop.handler.response(to: failure, peer: peer))
        closeAfterFlush(lingering: true)
    }

    /// The body will never be whole: the receiver answers, then the connection closes.
    func breakOffBody(_ failure: ParseFailure) {
        let isWanted = exchange?.isGathering ?? false
        exchange?.abandon()
        gathered = []
        pending = nil
        if isWanted { receiver?.failed(failure) }
    }

    /// Tells a client that waits for it to send its body (RFC 9110, section 10.1.1).
    private func sendContinue() {
        guard let exchange, exchange.owesContinue, exchange.isGathering, exchange.reply == .awaited else {
            return
        }
        self.exchange?.sentContinue()
        withOutput { $0.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n") }
    }

    /// Ends the exchange when both sides of it are through.
    func settle() {
        guard phase == .open, let exchange, exchange.isSettled else { return }
        let isBroken = exchange.body == .abandoned
        self.exchange = nil
        receiver = nil
        gathered = []
        deadlines.idle(at: loop.now)
        if exchange.mustClose || loop.isDraining {
            closeAfterFlush(lingering: isBroken || pending != nil || isParsing)
        }
    }
}
