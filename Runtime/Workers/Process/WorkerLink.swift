import CSandbox
import Glibc
import NIOCore
import NIOPosix
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
    private static let chunk = 16 * 1024

    let key: WorkerKey
    let pool: Pool
    let port: LoopPort
    /// Names the process to the spawner.
    let token: UInt64
    private let processID = Atomic<Int32>(0)

    private var context: ChannelHandlerContext?
    var parser = FrameParser()
    var link: Link
    var out = FrameBuffer()
    var socket = LinkSocket()
    /// Where bodies go; the link writes its half of it.
    private(set) var memory: SharedMemory?
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
    /// The pool has heard, or will hear from `finish`, that the link has ended.
    private(set) var isOver = false
    /// The process is not known to have ended.
    private(set) var hasProcess = true
    /// The worker has asked for leases of connections, so that its end has to be told.
    var hasAskedForLeases = false
    private var saidReady = false
    /// The pool knows that it is ready.
    private var isAnnounced = false
    /// What to tell once the process of a worker that never became ready is reaped.
    private var heldBack: [InvocationKey]?
    /// The time of the last wake-up that brought bytes.
    private(set) var now = Instant.now()
    var limiter = OutputLimiter()
    /// Requests answered, by the worker's own last count.
    private(set) var handled: UInt64 = 0
    private var asked: [@Sendable () -> Void] = []

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

    // MARK: Starting

    /// Makes the socket, says SETUP into it, and orders the process: it finds the frame when it looks.
    func launch() {
        let ends: (ours: Int32, theirs: Int32)
        do throws(SpawnFailure) {
            ends = try prepare()
        } catch let failure {
            // A launch may happen within `invoke`, and no answer may come before that has returned.
            port.eventLoop.execute { self.noProcess(failure) }
            return
        }
        socket.descriptor = ends.ours
        ClientBootstrap(group: port.eventLoop)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.chunk)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
            }
            .withConnectedSocket(ends.ours)
            .whenFailure { _ in self.socketEnded() }
        pool.host.spawner.spawn(
            SpawnOrder(
                token: token, specification: pool.specification, number: key.number, socket: ends.theirs, owner: self))
    }

    /// The ends of a socket in which SETUP and the shared memory wait for the worker.
    private func prepare() throws(SpawnFailure) -> (ours: Int32, theirs: Int32) {
        let specification = pool.specification
        let memory = try SharedMemory(size: link.settings.linkWindow)
        var setup = FrameBuffer(capacity: 1024)
        SetupFrame(
            function: specification.function, revision: specification.revision, link: link.settings,
            page: specification.page, leases: specification.usesDatabase ? pool.host.broker.settings : nil,
            sharedMemory: memory.outgoing.count
        ).encode(into: &setup)
        var ends: (ours: Int32, theirs: Int32) = (-1, -1)
        let failure = swiftlet_socket_pair(&ends.ours, &ends.theirs)
        guard failure == 0 else { throw SpawnFailure(.preparation, -failure) }
        do throws(SpawnFailure) {
            try memory.hand(over: ends.ours, with: setup)
        } catch let failure {
            close(ends.ours)
            close(ends.theirs)
            throw failure
        }
        self.memory = memory
        return ends
    }

    private func noProcess(_ failure: SpawnFailure) {
        hasProcess = false
        over()
        pool.startFailed(self, .spawn, failure.description, hasProcess: false)
        context?.close(promise: nil)
    }

    /// READY counts once the process id is known: the two come on different ways.
    func becomeReady() {
        saidReady = true
        announce()
    }

    private func announce() {
        guard saidReady, !isAnnounced, !isOver, processID.load(ordering: .acquiring) != 0 else { return }
        isAnnounced = true
        pool.ready(self)
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

    /// Writes what the windows and the kernel allow; false when the kernel does not take all of it. What it did not is left in
    /// `out`.
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

    // MARK: Ending

    /// The socket has ended, and all that was in it was read.
    private func socketEnded() {
        guard !isOver else { return }
        if !saidReady, hasProcess {
            // Its exit says why; it comes at once, or is made to.
            heldBack = []
            over()
            pool.host.spawner.kill(token)
        } else {
            finish(written: writtenKeys(), isOrderly: false)
        }
    }

    /// GOODBYE: what it has not answered it has not begun.
    func leave() { finish(written: [], isOrderly: true) }

    private func finish(written: [InvocationKey], isOrderly: Bool) {
        over()
        pool.linkClosed(self, written: written, isOrderly: isOrderly)
        context?.close(promise: nil)
    }

    private func violated(_ reason: String) {
        guard !isOver else { return }
        let written = writtenKeys()
        over()
        pool.violated(self, written: written, reason)
        context?.close(promise: nil)
    }

    private func over() {
        isOver = true
        silenceLeases()
        // A body that comes in parts holds its link: with one that never became whole this link would stay for ever.
        for place in streams.indices { streams[place] = nil }
        uploads = []
        unwritten = []
        let waiting = asked
        asked = []
        for done in waiting { done() }
    }

    /// The invocations without an answer that the worker may have begun.
    private func writtenKeys() -> [InvocationKey] {
        streams.indices.compactMap { place in unwritten.contains { $0.place == place } ? nil : streams[place]?.key }
    }

    /// The worker's loop turns.
    func ponged(_ frame: PongFrame) {
        handled = frame.handled
        let waiting = asked
        asked = []
        for done in waiting { done() }
        pool.pong(self)
    }
}

extension WorkerLink: ProcessOwner {
    func spawned(pid: Int32) {
        processID.store(pid, ordering: .releasing)
        port.eventLoop.execute { self.announce() }
    }

    func spawnFailed(_ failure: SpawnFailure) {
        port.eventLoop.execute { self.noProcess(failure) }
    }

    func exited(_ exit: ProcessExit, output: String) {
        port.eventLoop.execute {
            self.hasProcess = false
            self.endLeases()
            self.pool.exited(self, exit, output, written: self.heldBack)
            self.heldBack = nil
            guard !self.isOver else { return }
            // The end of the socket follows, unless a process that left the group holds it open.
            self.port.eventLoop.scheduleTask(in: .milliseconds(50)) { self.context?.close(promise: nil) }
        }
    }
}
