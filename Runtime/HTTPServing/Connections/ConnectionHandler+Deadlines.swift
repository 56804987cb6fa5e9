import NIOCore
import WireProtocol

extension ConnectionHandler {
    /// Looks at what has taken too long; called a few times a second for every connection of the loop.
    func sweep(at now: UInt64) {
        guard phase != .closed else { return }
        if hasWritten || deadlines.isUnsent {
            hasWritten = false
            let unsent = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
            if deadlines.writeStalled(written: written, unsent: unsent, at: now, limits) {
                loop.observer?.slowReaderReset()
                reset()
                return
            }
        }
        if loop.isDraining, hasOnlyUnwanted { return closeAfterFlush(lingering: true) }
        switch deadlines.verdict(at: now, limits, isDraining: loop.isDraining) {
        case nil: ()
        case .idleTooLong, .lingeredEnough, .clientGone: close()
        case .headTooSlow: answer(.tooSlow)
        case .bodyTooSlow:
            deadlines.answering()
            breakOffBody(.tooSlow)
            settle()
            if phase == .open { flush() }
        }
    }

    /// The request is whole, or what is left of it waits for the handler: who is there to be answered, for how long?
    func awaitReply(_ exchange: Exchange) {
        if isInputClosed, exchange.isUnanswered { deadlines.halfClosed(at: loop.now) } else { deadlines.answering() }
    }

    /// The server stops: a connection between requests closes when its client has what was answered, another says
    /// `close` with its answer. A head that has begun has little time left.
    func drain() {
        guard phase == .open, exchange == nil, pending == nil, parser.isBetweenRequests else { return }
        closeAfterFlush(lingering: false)
    }

    /// Whether all that is still to come is a body that nobody wants, behind its answer.
    private var hasOnlyUnwanted: Bool {
        guard phase == .open, let exchange, exchange.reply == .done else { return false }
        return exchange.wantsBody
    }

    /// The server stops and waits no longer: what can be answered at once is, the rest breaks off.
    func cutOff() {
        if phase == .open, exchange?.reply == .awaited { receiver?.cutOff() }
        // What was answered leaves now: no turn of the loop comes for it.
        if phase == .open { flush() }
        if endsByReset || exchange?.looksWhole == true { reset() } else { close() }
    }
}
