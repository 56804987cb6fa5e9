import Glibc
import NIOCore
import WireProtocol

/// One client's connection: bytes in, requests to the handler, responses out in the order of the requests.
///
/// A shell: `RequestParser` reads, `Exchange` decides what may follow, `ConnectionDeadlines` what takes too long.
/// The next pipelined request is not parsed before the present one is answered; its bytes are kept, up to a bound
/// past which the connection is not read. What a wake-up produced goes out with one write at its end.
final class ConnectionHandler: ChannelInboundHandler, @unchecked Sendable {
    // Unchecked: every property is read and written on the connection's event loop only.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Requests come and go. Left for `closing` after the last response, `closed` when either side breaks off.
        case open
        /// The last response is being sent; input is thrown away. Left for `lingering` or `closed`.
        case closing
        /// Our side is closed; input is thrown away, so that no reset overtakes the response. Left for `closed`.
        case lingering
        /// Gone.
        case closed
    }

    let loop: LoopConnections
    let limits: ConnectionLimits
    /// Where the loop keeps this connection.
    var position = 0
    var context: ChannelHandlerContext?
    var phase = Phase.open
    var parser: RequestParser
    var exchange: Exchange?
    var deadlines = ConnectionDeadlines()
    var peer = "unix"

    /// Bytes that the parser has not taken: part of a line, or requests whose turn has not come.
    var pending: ByteBuffer?
    /// Responses of this wake-up.
    var out: ByteBuffer?
    /// The body so far.
    var gathered: [UInt8] = []
    var receiver: (any RequestReceiver)?
    var responder = ConnectionResponder()
    var whenWritableAgain: (@Sendable () -> Void)?

    /// Between the first read of a wake-up and its end: what is written waits.
    var isReading = false
    /// The parser is at work further up the stack.
    var isParsing = false
    var isFlushScheduled = false
    /// The client has closed its side.
    var isInputClosed = false
    /// Nothing is read until the kept bytes are fewer.
    var isReadPaused = false
    /// The client takes what is written; NIO's word, kept here since each asking costs a walk through its channel.
    var isWritable = false
    /// Where responses are written without NIO's queue.
    var direct = DirectWriter()
    /// Something was written since the last sweep.
    var hasWritten = false
    /// The last answer ends with the connection and is not whole: a reset says so.
    var endsByReset = false
    /// Bytes written since the connection began.
    var written = 0

    init(loop: LoopConnections) {
        self.loop = loop
        limits = loop.limits
        parser = RequestParser(rules: loop.rules)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        if let address = context.remoteAddress?.ipAddress { peer = address }
        isWritable = context.channel.isWritable
        direct = DirectWriter(context)
        loop.add(self)
        guard !loop.isDraining else { return close() }
        deadlines.idle(at: loop.now)
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        loop.remove(self)
        pending = nil
        out = nil
        gathered = []
        whenWritableAgain = nil
        responder.connection = nil
        let receiver = self.receiver
        self.receiver = nil
        let isAwaited = exchange.map { $0.reply != .done } ?? false
        exchange = nil
        if isAwaited { receiver?.clientGone() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        defer { loop.reads.giveBack(bytes) }
        guard phase == .open else { return }
        if !isReading {
            isReading = true
            loop.readClock()
        }
        if pending != nil || !mayParse {
            keep(&bytes)
            parsePending()
        } else {
            parse(&bytes)
            if bytes.readableBytes > 0, phase == .open { keep(&bytes) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if isInputClosed, endedEarly() { return }
        settleDown()
        guard phase != .closed else { return }
        if phase == .open, (pending?.readableBytes ?? 0) > limits.pipelined || exchange?.isPaused == true {
            isReadPaused = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        guard isWritable, phase == .open else { return }
        if let callback = whenWritableAgain {
            whenWritableAgain = nil
            callback()
        }
        if !isReading, !isParsing { resume() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        isInputClosed = true
        switch phase {
        case .lingering: close()
        case .closing, .closed: ()
        case .open:
            // A client may close its side behind its last request and still read the answer; one that closes in
            // the middle of a request gets none. Nor does one that listens to events: those clients close their side
            // only by going away, which would else be found out with the next event, long after.
            if let exchange {
                if exchange.reply != .done {
                    if exchange.isEventStream || exchange.wantsBody { return leave() }
                }
                if !exchange.wantsBody {
                    loop.readClock()
                    awaitReply(exchange)
                    return
                }
            } else if pending != nil, !mayParse {
                return
            }
            closeAfterFlush(lingering: false)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

    /// Keeps bytes for later, copied: the buffer they came in is used for the next read.
    private func keep(_ bytes: inout ByteBuffer) {
        // At the end of its input NIO reads what the kernel still holds whether it was asked to or not.
        if let pending, pending.readableBytes > limits.keptAtEnd, !keepsStream(pending) {
            isInputClosed = true
            return
        }
        guard phase == .open else { return }
        if pending == nil {
            pending = context?.channel.allocator.buffer(capacity: max(512, bytes.readableBytes))
        }
        pending?.writeBuffer(&bytes)
    }

    /// What ends every wake-up: the phase's deadline, and one write.
    func settleDown() {
        guard phase == .open else { return }
        if let exchange {
            if exchange.wantsBody { deadlines.body(at: loop.now) } else { awaitReply(exchange) }
        } else if pending != nil || parser.hasBegunHead {
            deadlines.head(at: loop.now)
        }
        if out != nil { loop.flushInTurn(self) }
    }

    /// Writes what the wake-up produced.
    func flush() {
        guard let context, var bytes = out else { return }
        out = nil
        hasWritten = true
        written += bytes.readableBytes
        direct.write(&bytes)
        if bytes.readableBytes > 0 { queue(bytes, context) }
        bytes.clear()
        loop.giveBack(bytes)
    }

    /// As `flush`, with a long body behind what waits: what the kernel takes of it is not copied.
    func flush(followedBy body: [UInt8]) {
        guard let context, var bytes = out else { return }
        out = nil
        hasWritten = true
        written += bytes.readableBytes + body.count
        body.withUnsafeBytes { body in
            let taken = direct.write(&bytes, followedBy: body)
            if taken < body.count { bytes.writeBytes(UnsafeRawBufferPointer(rebasing: body[taken...])) }
        }
        if bytes.readableBytes > 0 { queue(bytes, context) }
        bytes.clear()
        loop.giveBack(bytes)
    }

    /// Leaves to NIO what the kernel did not take; until it is gone all else goes behind it.
    private func queue(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let number = direct.queued()
        let isWritten = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        isWritten.futureResult.whenSuccess { bound.value.direct.left(number) }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: isWritten)
    }

    /// Closes at once.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        context?.close(promise: nil)
    }

    /// Closes with a reset: the client must not take what it has for the whole.
    func reset() {
        guard phase != .closed else { return }
        if let options = context?.channel as? any SocketOptionProvider {
            _ = options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        close()
    }

    /// Closes when all that was written has gone out. Where the client may still send, only our side first:
    /// closing a socket with unread input resets the connection, and the response with it.
    func closeAfterFlush(lingering: Bool) {
        guard phase == .open, let context else { return }
        phase = .closing
        pending = nil
        deadlines.answering()
        hasWritten = true
        let bytes = out ?? context.channel.allocator.buffer(capacity: 0)
        written += bytes.readableBytes
        out = nil
        let isWritten = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        isWritten.futureResult.whenComplete { _ in bound.value.lastWritten(lingering: lingering) }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: isWritten)
    }

    private func lastWritten(lingering: Bool) {
        guard phase == .closing else { return }
        if endsByReset { return reset() }
        guard lingering, !isInputClosed else { return close() }
        phase = .lingering
        deadlines.lingering(at: loop.now)
        context?.close(mode: .output, promise: nil)
        context?.read()
    }
}
