import WireProtocol

/// An invocation of which a body is passed on part by part: the way between its caller's loop and its worker's link.
///
/// `@unchecked Sendable`: what changes is touched on the link's loop only.
final class InvocationStream: InvocationFlow, @unchecked Sendable {
    let link: WorkerLink
    let id: StreamID
    let key: InvocationKey
    let pending: PendingInvocation
    private let caller: LoopPort

    // The request's body; on the link's loop.

    /// How many bytes the sink was allowed to send, how many it has sent, and whether these were all.
    private(set) var granted = 0
    private(set) var sent = 0
    private(set) var isSent = false

    // The reply's body; on the link's loop.

    /// How many bytes the worker announced; nil: it did not say.
    private(set) var announced: Int?
    private(set) var came = 0
    /// The worker has begun its answer, and somebody waits for it.
    private(set) var hasBegun = false
    /// An answer that the gateway must have whole, and so is gathered here.
    var gathered: GatheredReply?

    /// A reply whose body comes in DATA frames.
    struct GatheredReply {
        var reply: Reply
        var body: IncomingBody
    }

    /// How many bytes of a request's body may be on their way to a worker.
    static let room = 64 * 1024

    init(_ link: WorkerLink, _ id: StreamID, _ key: InvocationKey, _ pending: PendingInvocation) {
        self.link = link
        self.id = id
        self.key = key
        self.pending = pending
        caller = link.pool.host.ports[pending.loop]
    }

    private var isOwn: Bool { caller === link.port }

    // MARK: Called by the sink, on its loop

    func send(_ bytes: UnsafeRawBufferPointer, isEnd: Bool) {
        if isOwn {
            link.pass(bytes, isEnd: isEnd, self)
        } else {
            caller.post(.stream(self, .send([UInt8](bytes), isEnd: isEnd)))
        }
    }

    func consumed(_ count: Int) {
        if isOwn { link.release(count, self) } else { caller.post(.stream(self, .consumed(count))) }
    }

    // MARK: Called by the link, on its loop

    /// Counts what the sink sent.
    func count(sent bytes: Int, isEnd: Bool) {
        sent += bytes
        isSent = isSent || isEnd
    }

    /// Asks the sink for as much as there is room for, once that is worth a message; `unsent` bytes wait at the link. The
    /// first time may be within `invoke`, and nothing may be heard of it before that has returned.
    func ask(unsent: Int = 0) {
        guard !isSent else { return }
        let isFirst = granted == 0
        let room = Self.room - (granted - sent) - unsent
        guard room >= Self.room / 2 else { return }
        granted += room
        if isOwn, !isFirst {
            pending.sink.bodyWanted(room, by: self)
        } else {
            link.port.post(.stream(self, .wanted(room)))
        }
    }

    /// The worker begins its answer.
    func begin(_ head: Reply, length: Int?, _ stamp: WorkerStamp) {
        announced = length
        hasBegun = true
        if isOwn {
            pending.sink.began(head, length: length, self, from: stamp)
        } else {
            link.port.post(.stream(self, .began(head, length: length, stamp)))
        }
    }

    /// Passes a part of the answer on. Throws `bodyLength` when it makes the body longer than announced, or ends it short.
    func pass(_ payload: UnsafeRawBufferPointer, isEnd: Bool) throws(FrameError) {
        came += payload.count
        if let announced, came > announced || isEnd && came < announced { throw .bodyLength(id) }
        guard hasBegun, !payload.isEmpty else { return }
        if isOwn {
            pending.sink.part(payload)
        } else {
            link.port.post(.stream(self, .part([UInt8](payload))))
        }
    }

    /// The answer is whole.
    func end() {
        if isOwn { pending.sink.ended() } else { link.port.post(.stream(self, .ended)) }
    }
}
