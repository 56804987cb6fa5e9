import Glibc
import NIOCore
import Synchronization
import WireProtocol

/// What the connections of one event loop share: the clock, the date, a buffer, and the sweep over their deadlines.
///
/// One repeated timer a loop looks at all of them, in place of a scheduled task a request; it runs only while there
/// are connections.
final class LoopConnections: @unchecked Sendable {
    // Unchecked: everything but the counter is read and written on `eventLoop` only.
    let index: Int
    let eventLoop: any EventLoop
    let handler: any RequestHandler
    let observer: (any HTTPServerObserver)?
    let limits: ConnectionLimits
    let rules: RequestRules
    /// The monotonic time of the last read or sweep, in nanoseconds.
    private(set) var now: UInt64 = 0
    private(set) var date = DateField()
    private(set) var isDraining = false
    private var connections: [ConnectionHandler] = []
    private var timer: RepeatedTask?
    /// Emptied buffers for responses.
    private var spare: [ByteBuffer] = []
    /// Connections with something to write at the end of this turn of the loop.
    private var unflushed: [ConnectionHandler] = []
    /// Whether a connection has written in this turn.
    private var hasFlushed = false
    let reads = SharedReads()
    private var served = 0
    private let requests = Atomic<Int>(0)

    init(
        index: Int, eventLoop: any EventLoop, handler: any RequestHandler,
        observer: (any HTTPServerObserver)?, configuration: HTTPServerConfiguration
    ) {
        self.index = index
        self.eventLoop = eventLoop
        self.handler = handler
        self.observer = observer
        limits = ConnectionLimits(configuration)
        rules = configuration.rules
    }

    /// Requests begun on this loop; from any thread.
    var requestCount: Int { requests.load(ordering: .relaxed) }

    /// Counts a request; only the loop writes, so no locked addition is needed.
    func countRequest() {
        served += 1
        requests.store(served, ordering: .relaxed)
    }

    func readClock() { now = NIODeadline.now().uptimeNanoseconds }

    func add(_ connection: ConnectionHandler) {
        connection.position = connections.count
        connections.append(connection)
        readClock()
        if timer == nil { start() }
    }

    func remove(_ connection: ConnectionHandler) {
        let position = connection.position
        guard position < connections.count, connections[position] === connection else { return }
        connections.swapAt(position, connections.count - 1)
        connections.removeLast()
        if position < connections.count { connections[position].position = position }
        if connections.isEmpty {
            timer?.cancel()
            timer = nil
        }
    }

    /// A buffer for a response: the one that was given back last, or a new one.
    func takeBuffer() -> ByteBuffer { spare.popLast() ?? ByteBufferAllocator().buffer(capacity: 2048) }

    /// Keeps an emptied buffer for another response; idle connections hold none. One may be long, the others are short.
    func giveBack(_ buffer: ByteBuffer) {
        let most = spare.isEmpty ? 256 * 1024 : 4096
        if buffer.capacity <= most, spare.count < 256 { spare.append(buffer) }
    }

    /// Writes what the connection has: at once for the first one of this turn of the loop, at the turn's end for all
    /// others. A client on this machine that waits is woken by a write and finds the next ones while it is awake; with
    /// one write at a time, each in its place between other work, it would sleep and be woken for each.
    func flushInTurn(_ connection: ConnectionHandler) {
        guard !hasFlushed else { return unflushed.append(connection) }
        hasFlushed = true
        connection.flush()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.endTurn() }
    }

    private func endTurn() {
        hasFlushed = false
        guard !unflushed.isEmpty else { return }
        var connections: [ConnectionHandler] = []
        swap(&connections, &unflushed)
        for connection in connections where connection.phase == .open { connection.flush() }
        guard unflushed.isEmpty else { return }
        connections.removeAll(keepingCapacity: true)
        swap(&connections, &unflushed)
    }

    /// Closes what is idle, and makes every answer from here on the last of its connection.
    func drain() {
        isDraining = true
        for connection in connections.reversed() { connection.drain() }
    }

    /// Answers what waits for its answer, and closes everything at once.
    func closeAll() {
        for connection in connections.reversed() { connection.cutOff() }
    }

    private func start() {
        refreshDate()
        let interval = TimeAmount.nanoseconds(Int64(limits.sweepInterval))
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.sweep()
        }
    }

    private func sweep() {
        readClock()
        refreshDate()
        // Backwards, since a connection that closes is replaced in its place by the last one.
        var index = connections.count - 1
        while index >= 0 {
            if index < connections.count { connections[index].sweep(at: now) }
            index -= 1
        }
    }

    private func refreshDate() { date.refresh(at: time(nil)) }
}
