/// The streams of one worker's socket, as one end sees them: who may send what, how much, and in which order.
///
/// A plain value without I/O. What it has to say it encodes into the buffer that it is given; what comes in goes
/// through `receive`, which checks it and says whether the shell is to act on it. A request and a reply that travel in
/// one frame each cost an array element and no allocation.
///
/// Streams live in a dense table at `id mod capacity`, the same at both ends; the gateway skips ids whose place is
/// taken. A stream is freed by the worker's last frame on it: RESPONSE or DATA with END, or RESET. The worker ends
/// each stream exactly once, a cancelled one too, so an id up to the last one that has no place is closed, a greater
/// one was never opened, and nothing needs to be remembered.
public struct Link: Sendable {
    /// Which end this is.
    public enum Role: Sendable {
        /// Opens streams.
        case gateway
        /// Answers them.
        case worker
    }

    /// What is to be done with a frame that was received.
    public enum Verdict: Sendable, Equatable {
        /// Act on it.
        case deliver
        /// Drop it: it came late, for a stream that has ended or was cancelled, or it was for the link itself.
        case ignore
        /// Drop it, and note that this stream, cancelled before, has ended and its place is free.
        case ended
    }

    /// One place of the table. `id` 0: free; left by `open` or REQUEST. Else open; left by the worker's last frame.
    struct Slot: Sendable {
        var id: UInt32 = 0
        /// The worker's RESPONSE was sent or received.
        var hasHead = false
        /// Nothing more of a body is received here.
        var remoteEnded = false
        var cancelled = false
        /// It stands in `sending`.
        var isQueued = false
        /// After `pending` comes END.
        var endsAfterPending = false
        var sendWindow = 0
        var receiveWindow = 0
        /// Consumed, and not yet granted again.
        var owed = 0
        /// Bytes still to be received, where they were announced.
        var expected = Int.max
        /// The encoded frame that goes before `pending`.
        var head: [UInt8] = []
        var pending: [UInt8] = []
        var pendingOffset = 0
    }

    /// Which end this is.
    public let role: Role
    /// What both ends agreed on.
    public private(set) var settings: LinkSettings
    /// How many streams are open, cancelled ones included.
    public internal(set) var openStreams = 0
    /// Gateway: HELLO came. Worker: SETUP came.
    public internal(set) var isGreeted = false
    /// Gateway: READY came.
    public internal(set) var isReady = false
    /// The worker said GOODBYE or START_FAILED, or (at the worker) the gateway said DRAIN: no stream begins any more.
    public internal(set) var isClosing = false

    var slots: [Slot]
    var mask: UInt32
    /// The greatest id so far.
    var last = StreamID.link
    /// Places with something to send. It is the turn of the one at `turn`; those before it follow after the last.
    var sending: [UInt32] = []
    var turn = 0
    /// How many bytes the stream whose turn it is has sent in it: more than one frame where a window was short.
    var turnSent = 0
    var linkSendWindow: Int
    var linkReceiveWindow: Int
    var linkOwed = 0
    /// Where bodies go that are not sent through the socket; nil: there is none.
    var ring: BodyRing?

    /// A link before its first frame.
    public init(role: Role, settings: LinkSettings = LinkSettings()) {
        self.role = role
        self.settings = settings
        let capacity = Link.capacity(settings)
        slots = Array(repeating: Slot(), count: capacity)
        mask = UInt32(capacity - 1)
        linkSendWindow = settings.linkWindow
        linkReceiveWindow = settings.linkWindow
    }

    /// DATA goes by this memory from now on, which the other end can read and which outlives the link. Before the first
    /// stream.
    public mutating func share(_ memory: UnsafeMutableRawBufferPointer) {
        guard last == .link else { return }
        ring = BodyRing(memory)
    }

    /// Takes over what SETUP says. Only at the worker and before the first REQUEST; later it does nothing.
    public mutating func configure(_ settings: LinkSettings) {
        guard role == .worker, last == .link else { return }
        let isGreeted = self.isGreeted
        self = Link(role: .worker, settings: settings)
        self.isGreeted = isGreeted
    }

    /// A power of two, twice the concurrency at least, so that the gateway soon finds a free place.
    private static func capacity(_ settings: LinkSettings) -> Int {
        var capacity = 2
        while capacity < settings.concurrency * 2 { capacity *= 2 }
        return capacity
    }

    /// How many places the table has: the size of a table of one's own by `index(of:)`.
    public var capacity: Int { slots.count }

    /// The place of a stream; no two open streams share one. A stream just ended keeps it until the next is opened.
    @inline(__always)
    public func index(of stream: StreamID) -> Int { Int(stream.rawValue & mask) }

    /// Whether the stream is open here.
    public func isOpen(_ stream: StreamID) -> Bool {
        stream != .link && slots[index(of: stream)].id == stream.rawValue
    }

    /// Whether the stream is open here and was not cancelled.
    public func isActive(_ stream: StreamID) -> Bool { isOpen(stream) && !slots[index(of: stream)].cancelled }

    /// Whether DATA waits, for a window or for the next `writeData`.
    public var hasDataToSend: Bool { !sending.isEmpty }

    /// Whether `share` was called in time.
    public var sharesMemory: Bool { ring != nil }

    mutating func take(_ stream: StreamID) {
        last = stream
        openStreams += 1
        let index = index(of: stream)
        slots[index].id = stream.rawValue
        slots[index].sendWindow = settings.streamWindow
        slots[index].receiveWindow = settings.streamWindow
    }

    mutating func free(_ index: Int) {
        if slots[index].isQueued { unqueue(index) }
        slots[index] = Slot()
        openStreams -= 1
    }

    /// Puts a stream behind all that have something to send: whoever comes later waits longer.
    mutating func enqueue(_ index: Int) {
        slots[index].isQueued = true
        sending.insert(UInt32(index), at: min(turn, sending.count))
        turn += 1
    }

    mutating func unqueue(_ index: Int) {
        slots[index].isQueued = false
        slots[index].pending = []
        slots[index].pendingOffset = 0
        guard let place = sending.firstIndex(of: UInt32(index)) else { return }
        sending.remove(at: place)
        if place < turn { turn -= 1 } else if place == turn { turnSent = 0 }
    }
}
