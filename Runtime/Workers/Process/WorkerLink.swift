import NIOCore
import Synchronization
import WireProtocol

/// One worker as its pool's shell sees it: the process, the socket, and the invocations on it.
///
/// `@unchecked Sendable`: everything is touched on `port`'s event loop only, but for `processID`, which is atomic.
final class WorkerLink: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// An invocation on the wire.
    struct OpenStream {
        var key: InvocationKey
        var id: StreamID
        /// Nil once it is cancelled: nobody waits, and what it held is let go.
        var pending: PendingInvocation?
        /// The bodies that come in parts, where there are some.
        var flow: InvocationStream?
        /// For the log's lines that come after its cancellation.
        var cancelled: RequestID?

        mutating func cancel() {
            cancelled = pending?.invocation.requestID
            pending = nil
            flow = nil
        }
    }

    /// The largest reply that is gathered: 64 MiB; a longer one breaks the protocol.
    static let replyLimit = 64 * 1024 * 1024
    /// How long a reply that is no page may be to be gathered, in bytes.
    static let gatheredLimit = 1024 * 1024
    /// How many bytes NIO reads at once: many small replies.
    static let chunk = 16 * 1024

    let key: WorkerKey
    let pool: Pool
    let port: LoopPort
    /// Names the process to the spawner.
    let token: UInt64
    let processID = Atomic<Int32>(0)

    private(set) var context: ChannelHandlerContext?
    var parser = FrameParser()
    var link: Link
    var out = FrameBuffer()
    var socket = LinkSocket()
    /// Where bodies go; the link writes its half of it.
    var memory: SharedMemory?
    var streams: [OpenStream?]
    /// Places of streams whose request is still in `out`, whole, and where it begins there, counted as `taken`.
    var unwritten: [(place: Int, begin: UInt64)] = []
    /// How many bytes the kernel and NIO have taken since the link began.
    private var taken: UInt64 = 0
    /// Requests whose body is still to come from their sink.
    var uploads: [InvocationStream] = []
    private var isTouched = false
    /// The socket is registered and has not ended.
    private var isActive = false
    /// The pool has heard, or will hear, that the link has ended, or that it never began.
    var isOver = false
    /// The process is not known to have ended.
    var hasProcess = true
    /// The worker has asked for leases of connections, so that its end has to be told.
    var hasAskedForLeases = false
    var saidReady = false
    /// The pool knows that it is ready.
    var isAnnounced = false
    /// What to tell once the process of a worker that never became ready is reaped.
    var heldBack: [InvocationKey]?
    /// The time of the last wake-up that brought bytes.
    private(set) var now = Instant.now()
    var limiter = OutputLimiter()
    /// Requests answered, by the worker's own last count.
    var handled: UInt64 = 0
    var asked: [@Sendable () -> Void] = []

    init(_ key: WorkerKey, pool: Pool, port: LoopPort) {
        self.key = key
        self.pool = pool
        self.port = port
        token = pool.host.spawner.makeToken()
        link = Link(role: .gateway, settings: LinkSettings(concurrency: pool.settings.concurrency))
        streams = Array(repeating: nil, count: link.capacity)
    }

    /// Who this is; from any thread.
    var identity: WorkerIdentity {
        WorkerIdentity(
            function: pool.specification.function, number: key.number, pid: processID.load(ordering: .relaxed))
    }

    /// Who this is, for an answer; from any thread.
    func stamp(isCold: Bool) -> WorkerStamp {
        WorkerStamp(number: key.number, pid: processID.load(ordering: .relaxed), coldStart: isCold)
    }

    // MARK: Sending

    /// Encodes an invocation; it leaves with the end of this wake-up.
    func send(_ key: InvocationKey, _ pending: PendingInvocation, _ milliseconds: UInt32) {
        // A link that has ended gave back all that it had not written, this one too.
        guard !isOver else { return }
        let begin = taken + UInt64(out.count)
        let opened: StreamID?
        if pending.invocation.timeoutMilliseconds == milliseconds {
            opened = link.open(pending.invocation, into: &out)
        } else {
            var invocation = pending.invocation
            invocation.timeoutMilliseconds = milliseconds
            opened = link.open(invocation, into: &out)
        }
        guard let stream = opened else {
            if !link.isClosing {
                let cause = "the invocation's head does not fit into a frame"
                pool.failed(key, self, APIError(.headersTooLarge, cause: cause), at: .now())
            }
            return
        }
        let place = link.index(of: stream)
        streams[place] = OpenStream(key: key, id: stream, pending: pending)
        unwritten.append((place, begin))
        if pending.invocation.placement != .whole { beginUpload(place) }
        touch()
    }

    func cancel(_ key: InvocationKey, _ reason: CancelFrame.Reason) {
        guard !isOver, let place = streams.firstIndex(where: { $0?.key == key }), let stream = streams[place] else {
            return
        }
        link.cancel(stream.id, reason, into: &out)
        streams[place]?.cancel()
        uploads.removeAll { $0.id == stream.id }
        touch()
    }

    func ping() {
        guard !isOver else { return }
        PingFrame(token: 0).encode(into: &out)
        touch()
    }

    func drain() {
        guard !isOver else { return }
        out.appendFrame(.drain)
        touch()
    }

    /// Asks the worker for its count; `done` is called when the answer is there, or when it ends.
    func ask(_ done: @escaping @Sendable () -> Void) {
        guard !isOver, link.isReady else { return done() }
        asked.append(done)
        ping()
    }

    func touch() {
        guard !isTouched else { return }
        isTouched = true
        port.touch(self)
    }

    /// Writes what came together, and asks for more of the bodies that pass through.
    func flush() {
        isTouched = false
        guard isActive, let context else { return }
        if !write(context) { queue(context) }
        if !uploads.isEmpty { askForBodies() }
    }

    /// Writes what the windows and the kernel allow; false when the kernel does not take all of it. What it did not is
    /// left in `out`.
    private func write(_ context: ChannelHandlerContext) -> Bool {
        while true {
            if link.hasDataToSend, context.channel.isWritable { link.writeData(into: &out) }
            guard !out.isEmpty else { return true }
            took(out.withUnsafeBytes { socket.write($0) })
            if !out.isEmpty { return false }
        }
    }

    /// The kernel takes no more for now. NIO is left with a little of what waits, and says when that has gone; the rest
    /// stays here, and so does all that comes meanwhile.
    private func queue(_ context: ChannelHandlerContext) {
        guard socket.isFree else { return }
        var bytes = context.channel.allocator.buffer(capacity: 4096)
        took(out.withUnsafeBytes { bytes.writeBytes(UnsafeRawBufferPointer(rebasing: $0.prefix(4096))) })
        let number = socket.queued()
        let isWritten = port.eventLoop.makePromise(of: Void.self)
        isWritten.futureResult.whenSuccess {
            self.socket.left(number)
            if !self.out.isEmpty || self.link.hasDataToSend { self.touch() }
        }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: isWritten)
    }

    /// So many bytes are on their way. A request of which the worker may have the first one counts as written.
    private func took(_ count: Int) {
        out.consume(count)
        taken += UInt64(count)
        if out.isEmpty {
            unwritten.removeAll(keepingCapacity: true)
        } else if count > 0 {
            unwritten.removeAll { $0.begin < taken }
        }
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        isActive = true
        if isOver { context.close(promise: nil) } else { flush() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, link.hasDataToSend { touch() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        let chunk = unwrapInboundIn(data)
        now = .now()
        do {
            try chunk.withUnsafeReadableBytes { try feed($0) }
        } catch {
            violated((error as? FrameError)?.description ?? "\(error)")
        }
        if !out.isEmpty || link.hasDataToSend { touch() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isActive = false
        socket.descriptor = -1
        socketEnded()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
