import WorkerLoop

/// The worker's side of the wire: reads frames, runs a task for each request, writes the replies of a wake-up at once.
///
/// `@unchecked Sendable`: everything here is touched only by the thread that runs the loop, which is its lock.
final class WorkerShell<Handler: Function>: @unchecked Sendable {
    typealias Phase = WorkerPhase
    typealias Entry = WorkerEntry

    let socket: WorkerSocket
    let loop: WorkerLoop
    let environment: [String: String]
    var phase = Phase.greeting
    var setup: SetupFrame?
    var function: Handler?
    var link = Link(role: .worker)
    /// Leases of connections; nil before SETUP, and where it says nothing of them.
    var leases: WorkerLeases?
    /// The descriptor of the memory that is shared, until it is mapped.
    var handedOver: Int32?
    /// Where long bodies lie; nil before SETUP, and where they go in DATA.
    var bodies: SharedBodies?
    var parser = FrameParser()
    var out = FrameBuffer(capacity: 64 * 1024)
    /// Where frames are read.
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    /// How much is read in one wake-up.
    private static var most: Int { 256 * 1024 }
    var watch: DescriptorWatch?
    /// The socket took no more, and has not said since that it does.
    var isBlocked = false
    var isWatchingWrites = false
    var entries: [Entry?]
    /// Whether answers are streams.
    let isStreaming = Handler.self is any StreamingFunction.Type
    /// Streamed answers whose writers wait until more has been sent.
    var fullStreams: [WorkerStream] = []
    /// Requests that came before the function was started, in order.
    var waiting: [StreamID] = []
    var refused = 0
    var running = 0
    var handled: UInt64 = 0
    /// Written over for each request, so that its body keeps its memory.
    var reply = Reply()
    var log: LogOutput
    /// The time of the last wake-up that brought bytes.
    var now = LoopInstant.now
    var deadlineTimer: LoopTimer?
    var nextDeadline = LoopInstant(nanoseconds: .max)

    init(socket: WorkerSocket, loop: WorkerLoop, environment: [String: String]) {
        self.socket = socket
        self.loop = loop
        self.environment = environment
        entries = Array(repeating: nil, count: link.capacity)
        log = LogOutput(level: LogOutput.level(named: environment["LOG_LEVEL"])) { _, _ in }
    }

    deinit { memory.deallocate() }

    /// Greets the gateway and listens to it.
    func begin() throws {
        log = LogOutput(level: log.level) { [unowned self] line, stream in write(line, stream) }
        HelloFrame(pid: WorkerIdentity.pid, function: "\(Handler.self)", sdk: WorkerIdentity.sdk).encode(
            into: &out)
        watch = try loop.watch(socket.descriptor) { [unowned self] readiness in
            if readiness.contains(.write) { isBlocked = false }
            if !readiness.isDisjoint(with: [.read, .hangup, .error]) { read() }
        }
        loop.beforeWait { [unowned self] in flush() }
    }

    /// A line of the log, from whatever thread.
    private func write(_ line: LogFrame, _ stream: StreamID) {
        guard loop.isCurrent else {
            loop.post { [self] in write(line, stream) }
            return
        }
        if line.encode(stream: stream, into: &out) { return }
        LogFrame(level: line.level, message: String(line.message.unicodeScalars.prefix(16_000)))
            .encode(stream: stream, into: &out)
    }

    // MARK: Reading and writing

    /// Reads what there is, a quarter of a MiB at most, so that others have their turn.
    private func read() {
        var left = Self.most
        do {
            while left > 0, let count = try readOnce() { left -= count }
        } catch {
            WorkerProcess.end(1, "\(Handler.self): the gateway broke the protocol: \(error)")
        }
    }

    /// Reads once and acts on it: how many bytes came if there may be more, else nil.
    private func readOnce() throws -> Int? {
        switch setup == nil ? readFirst() : socket.read(into: memory) {
        case .nothing: return nil
        case .end: WorkerProcess.end(0)
        case .bytes(let count):
            now = LoopInstant.now
            try parser.feed(UnsafeRawBufferPointer(rebasing: memory[..<count])) { try receive($0, $1) }
            return count < memory.count ? nil : count
        }
    }

    /// Reads what may have the memory with it that is shared.
    private func readFirst() -> WorkerSocket.Reading {
        let (reading, descriptor) = socket.readFirst(into: memory)
        if let descriptor { handedOver = descriptor }
        return reading
    }

    /// Writes what this wake-up has collected.
    func flush() {
        if let leases, !isLeaving { leases.flush(into: &out, running: running) }
        leaveIfDone()
        guard !isBlocked else { return }
        while true {
            link.writeData(into: &out)
            if !fullStreams.isEmpty { resumeWriters() }
            if out.isEmpty { break }
            switch out.withUnsafeBytes({ socket.write($0) }) {
            case .bytes(let count):
                out.consume(count)
                if !out.isEmpty { return waitForRoom() }
            case .full: return waitForRoom()
            case .end: WorkerProcess.end(0)
            }
        }
        if isWatchingWrites {
            isWatchingWrites = false
            watch?.setWriting(false)
        }
        leaveIfDone()
        if case .leaving(let code) = phase, out.isEmpty { WorkerProcess.end(code) }
    }

    /// The socket took less than there is: the rest waits until it says that it takes more.
    private func waitForRoom() {
        isBlocked = true
        isWatchingWrites = true
        watch?.setWriting(true)
    }
}
