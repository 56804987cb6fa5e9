import NIOCore
import WireProtocol

// Request bodies that are handed over as they come: what is not read stays with the client's kernel.
extension ConnectionHandler {
    /// How much of a streamed body is kept when the client closes its side behind it: what its kernel's and ours can
    /// hold, since all of that is read then whether it was asked for or not.
    private static var keptAtEnd: Int { 16 * 1024 * 1024 }

    /// The body of the request in hand goes to `receiver` part by part.
    func stream(_ limit: Int, _ receiver: any RequestReceiver) {
        guard exchange?.reply != .done else {
            exchange?.discard()
            return
        }
        self.receiver = receiver
        if exchange?.stream(limit: limit) == .tooLarge {
            receiver.failed(.bodyTooLarge)
        }
    }

    /// Hands a part over.
    func pass(_ part: UnsafeRawBufferPointer) {
        if receiver?.bodyPart(part) == false { _ = exchange?.pause(true) }
    }

    /// The receiver takes more: goes on with what was kept, then reads.
    func readBody() {
        guard phase == .open, exchange?.pause(false) == true, !isParsing else { return }
        // Without bytes too: the body may end here, or its client wait for 100.
        if pending == nil { pending = ByteBuffer() }
        if isReading { parsePending() } else { resume() }
    }

    /// Closes a connection whose client closed its side before the body was whole, or whose body was more than was kept.
    func endedEarly() -> Bool {
        guard isInputClosed, let exchange, exchange.wantsBody else { return false }
        if exchange.reply == .done {
            closeAfterFlush(lingering: false)
        } else {
            leave()
        }
        return true
    }

    /// Nobody is there for the rest of the request in hand, or of its answer: its receiver is told, and the connection
    /// closes behind the answers to those before it.
    func leave() {
        let receiver = exchange.map { $0.reply != .done } == true ? self.receiver : nil
        breakOff(lingering: false)
        receiver?.clientGone()
    }

    /// Closes the connection behind the answers to the requests before the one in hand, which has no answer, or one that
    /// is not whole and must not look so.
    func breakOff(lingering: Bool) {
        guard phase == .open else { return }
        endsByReset = exchange?.looksWhole ?? false
        exchange?.replied()
        receiver = nil
        responder.connection = nil
        whenWritableAgain = nil
        closeAfterFlush(lingering: lingering && !endsByReset)
    }

    /// Whether bytes beyond the usual bound are kept, for they are part of a body that is being handed over. Where even
    /// their bound is passed the connection closes, since a body with a gap must not look whole.
    func keepsStream(_ pending: ByteBuffer) -> Bool {
        guard exchange?.isStreaming == true else { return false }
        if pending.readableBytes > Self.keptAtEnd { leave() }
        return true
    }
}
